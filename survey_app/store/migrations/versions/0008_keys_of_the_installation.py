"""Which keys the database was made with."""

import sqlalchemy as sa
import survey_app.store.base
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('installation',
    sa.Column('setting', sa.String(), nullable=False),
    sa.Column('key_id', sa.String(), nullable=False),
    sa.Column('canary', sa.LargeBinary(), nullable=False),
    sa.Column('first_seen_at', survey_app.store.base.UtcDateTime(), nullable=False),
    sa.Column('retired_at', survey_app.store.base.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('setting', 'key_id', name=op.f('pk_installation'))
    )


def downgrade() -> None:
    op.drop_table('installation')
