"""Months are kept with who is in each row, and cases are marked. All is counted anew."""

import sqlalchemy as sa
import survey_app.store.base
import survey_app.store.sealed
from alembic import op

from survey_app.store.move_marks import drop_marks

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('kept_rows', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_kept_rows_service_id'))
        batch_op.drop_index('ix_kept_rows_read')

    op.drop_table('kept_rows')
    with op.batch_alter_table('kept_months', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_kept_months_service_id'))

    op.drop_table('kept_months')
    op.drop_table('moved_months')

    op.create_table('moved_cases',
    sa.Column('service_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('month', sa.String(), nullable=False),
    sa.Column('case_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('moved_by', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('moves', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('service_id', 'month', 'case_id', 'moved_by', name=op.f('pk_moved_cases'))
    )
    op.create_table('kept_months',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('month', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kept_as', sa.String(), nullable=True),
    sa.Column('kept_at', survey_app.store.base.UtcDateTime(), nullable=False),
    sa.Column('left_out', sa.JSON(), nullable=False),
    sa.Column('has_open', sa.Boolean(), nullable=False),
    sa.Column('look_again_at', survey_app.store.base.UtcDateTime(), nullable=True),
    sa.Column('service_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['services.id'], name=op.f('fk_kept_months_service_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_months')),
    sa.UniqueConstraint('service_id', 'month', name=op.f('uq_kept_months_service_id_month'))
    )
    with op.batch_alter_table('kept_months', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kept_months_service_id'), ['service_id'], unique=False)

    op.create_table('kept_tallies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kept_month_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('tally', sa.String(), nullable=False),
    sa.Column('totals', sa.LargeBinary(), nullable=False),
    sa.Column('members', sa.LargeBinary(), nullable=False),
    sa.Column('service_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['kept_month_id'], ['kept_months.id'], name=op.f('fk_kept_tallies_kept_month_id')),
    sa.ForeignKeyConstraint(['service_id'], ['services.id'], name=op.f('fk_kept_tallies_service_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_tallies')),
    sa.UniqueConstraint('kept_month_id', 'version', 'tally', name=op.f('uq_kept_tallies_kept_month_id_version_tally'))
    )
    with op.batch_alter_table('kept_tallies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kept_tallies_service_id'), ['service_id'], unique=False)


def downgrade() -> None:
    drop_marks(op.get_bind())
    with op.batch_alter_table('kept_tallies', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_kept_tallies_service_id'))

    op.drop_table('kept_tallies')
    with op.batch_alter_table('kept_months', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_kept_months_service_id'))

    op.drop_table('kept_months')
    op.drop_table('moved_cases')
    op.create_table('moved_months',
    sa.Column('service_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('month', sa.String(), nullable=False),
    sa.Column('moved_by', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('moves', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('service_id', 'month', 'moved_by', name=op.f('pk_moved_months'))
    )
    op.create_table('kept_months',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('month', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kept_as', sa.String(), nullable=True),
    sa.Column('kept_at', survey_app.store.base.UtcDateTime(), nullable=False),
    sa.Column('service_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['services.id'], name=op.f('fk_kept_months_service_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_months')),
    sa.UniqueConstraint('service_id', 'month', name=op.f('uq_kept_months_service_id_month'))
    )
    with op.batch_alter_table('kept_months', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kept_months_service_id'), ['service_id'], unique=False)

    op.create_table('kept_rows',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kept_month_id', sa.Integer(), nullable=False),
    sa.Column('tally', sa.String(), nullable=False),
    sa.Column('dimension', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('service_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['kept_month_id'], ['kept_months.id'], name=op.f('fk_kept_rows_kept_month_id')),
    sa.ForeignKeyConstraint(['service_id'], ['services.id'], name=op.f('fk_kept_rows_service_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_rows'))
    )
    with op.batch_alter_table('kept_rows', schema=None) as batch_op:
        batch_op.create_index('ix_kept_rows_read', ['kept_month_id', 'tally', 'dimension', 'value'], unique=True)
        batch_op.create_index(batch_op.f('ix_kept_rows_service_id'), ['service_id'], unique=False)
