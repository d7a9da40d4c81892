"""Trials of two wordings or send times, who is in one, and the wording of each text."""

import sqlalchemy as sa
import survey_app.store.base
import survey_app.store.sealed
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('trials',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('first', sa.String(), nullable=False),
    sa.Column('second', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('drafted_at', survey_app.store.base.UtcDateTime(), nullable=False),
    sa.Column('drafted_by_id', sa.Integer(), nullable=False),
    sa.Column('draft_reason', survey_app.store.sealed.SealedText(), nullable=False),
    sa.Column('approved_at', survey_app.store.base.UtcDateTime(), nullable=True),
    sa.Column('approved_by_id', sa.Integer(), nullable=True),
    sa.Column('approval_reason', survey_app.store.sealed.SealedText(), nullable=True),
    sa.Column('started_at', survey_app.store.base.UtcDateTime(), nullable=True),
    sa.Column('started_by_id', sa.Integer(), nullable=True),
    sa.Column('start_reason', survey_app.store.sealed.SealedText(), nullable=True),
    sa.Column('key', survey_app.store.sealed.SealedText(), nullable=True),
    sa.Column('ended_at', survey_app.store.base.UtcDateTime(), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_by', sa.String(), nullable=True),
    sa.Column('end_reason', survey_app.store.sealed.SealedText(), nullable=True),
    sa.Column('is_kept', sa.Boolean(), nullable=False),
    sa.Column('service_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['approved_by_id'], ['staff_accounts.id'], name=op.f('fk_trials_approved_by_id_staff_accounts')),
    sa.ForeignKeyConstraint(['drafted_by_id'], ['staff_accounts.id'], name=op.f('fk_trials_drafted_by_id_staff_accounts')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['staff_accounts.id'], name=op.f('fk_trials_ended_by_id_staff_accounts')),
    sa.ForeignKeyConstraint(['service_id'], ['services.id'], name=op.f('fk_trials_service_id_services')),
    sa.ForeignKeyConstraint(['started_by_id'], ['staff_accounts.id'], name=op.f('fk_trials_started_by_id_staff_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trials'))
    )
    op.create_index(op.f('ix_trials_service_id'), 'trials', ['service_id'], unique=False)
    # In place, not by a copy of the table: other tables point at requests, and SQLite would have
    # them point at nothing in between.
    op.add_column('requests', sa.Column('trial_id', sa.Integer(), sa.ForeignKey('trials.id', name=op.f('fk_requests_trial_id_trials')), nullable=True), inline_references=True)
    op.add_column('requests', sa.Column('trial_arm', sa.String(), nullable=True))
    op.add_column('requests', sa.Column('trial_left_out', sa.String(), nullable=True))
    op.create_index(op.f('ix_requests_trial_id'), 'requests', ['trial_id'], unique=False)
    op.add_column('messages', sa.Column('wording', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('messages', 'wording')
    op.drop_index(op.f('ix_requests_trial_id'), table_name='requests')
    with op.batch_alter_table('requests') as batch_op:
        batch_op.drop_column('trial_left_out')
        batch_op.drop_column('trial_arm')
        batch_op.drop_column('trial_id')
    op.drop_index(op.f('ix_trials_service_id'), table_name='trials')
    op.drop_table('trials')
