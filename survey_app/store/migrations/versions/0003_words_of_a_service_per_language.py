"""Whom people tell that a page is hard to use, in other languages than English too."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In place: SQLite cannot make a table anew that rows of others point to.
    op.add_column(
        'services',
        sa.Column('accessibility_contacts', sa.JSON(), nullable=False, server_default='{}'),
    )


def downgrade() -> None:
    op.drop_column('services', 'accessibility_contacts')
