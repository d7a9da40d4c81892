"""The last seen instant of the database's clock, and what workers report."""

import sqlalchemy as sa
import survey_app.store.base
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('clock_readings',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seen_at', survey_app.store.base.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_readings'))
    )
    op.create_table('worker_beats',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('started_at', survey_app.store.base.UtcDateTime(), nullable=False),
    sa.Column('beat_at', survey_app.store.base.UtcDateTime(), nullable=False),
    sa.Column('report', sa.String(), nullable=False),
    sa.Column('worked_at', survey_app.store.base.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worker_beats'))
    )


def downgrade() -> None:
    op.drop_table('worker_beats')
    op.drop_table('clock_readings')
