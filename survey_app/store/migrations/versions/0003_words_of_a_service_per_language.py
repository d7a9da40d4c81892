"""Whom people tell that a page is hard to use, in other languages than English too."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('services') as table:
        table.add_column(
            sa.Column('accessibility_contacts', sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )


def downgrade() -> None:
    with op.batch_alter_table('services') as table:
        table.drop_column('accessibility_contacts')
