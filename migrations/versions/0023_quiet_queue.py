"""A queue that costs what jobs need: workers are woken for due jobs alone, only failures are logged, a pick counts.

pgqueuer wakes every worker when a job ends and for jobs of tomorrow, in a notice for which each commit waits in turn;
it logs each step of each job for statistics that nobody reads, without end; and it forgets to count the attempt of a
worker that died, which was one more statement and commit of ours for each job.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

TELL = """
CREATE OR REPLACE FUNCTION fn_pgqueuer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added WHERE execute_after <= now()) THEN
        PERFORM pg_notify('ch_pgqueuer', json_build_object(
            'channel', 'ch_pgqueuer', 'operation', 'insert', 'sent_at', now(), 'table', TG_TABLE_NAME,
            'type', 'table_changed_event')::text);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER tg_pgqueuer_changed ON pgqueuer;
CREATE TRIGGER tg_pgqueuer_changed AFTER INSERT ON pgqueuer REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION fn_pgqueuer_changed();
"""
TELL_ALL = """
CREATE OR REPLACE FUNCTION fn_pgqueuer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('ch_pgqueuer', json_build_object(
        'channel', 'ch_pgqueuer', 'operation', lower(TG_OP), 'sent_at', now(), 'table', TG_TABLE_NAME,
        'type', 'table_changed_event')::text);
    RETURN NULL;
END $$;
DROP TRIGGER tg_pgqueuer_changed ON pgqueuer;
CREATE TRIGGER tg_pgqueuer_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON pgqueuer
    EXECUTE FUNCTION fn_pgqueuer_changed();
"""
# A worker that takes a job over from a dead one has another name; a heartbeat leaves the name as it is.
COUNT = """
CREATE FUNCTION pgqueuer_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.attempts := OLD.attempts + (NEW.status = 'picked')::int;
    RETURN NEW;
END $$;
CREATE TRIGGER pgqueuer_attempt BEFORE UPDATE ON pgqueuer FOR EACH ROW
    WHEN ((NEW.status = 'picked' AND (OLD.status <> 'picked' OR NEW.queue_manager_id <> OLD.queue_manager_id))
          OR (OLD.status = 'picked' AND NEW.status = 'queued'))
    EXECUTE FUNCTION pgqueuer_attempt();
"""
COUNT_NO_MORE = "DROP TRIGGER pgqueuer_attempt ON pgqueuer; DROP FUNCTION pgqueuer_attempt();"
LOG_FAILURES = """
CREATE FUNCTION pgqueuer_log_failures() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER pgqueuer_log_failures BEFORE INSERT ON pgqueuer_log FOR EACH ROW WHEN (NEW.traceback IS NULL)
    EXECUTE FUNCTION pgqueuer_log_failures();
DELETE FROM pgqueuer_log WHERE traceback IS NULL;
TRUNCATE pgqueuer_statistics;
"""
LOG_ALL = "DROP TRIGGER pgqueuer_log_failures ON pgqueuer_log; DROP FUNCTION pgqueuer_log_failures();"
# No statement of pgqueuer 1.6 that we call reads these.
LEAN = "DROP INDEX pgqueuer_priority_id_id1_idx; DROP INDEX pgqueuer_updated_id_id1_idx;"
FULL = """
CREATE INDEX pgqueuer_priority_id_id1_idx ON pgqueuer (priority, id DESC) INCLUDE (id) WHERE status = 'queued';
CREATE INDEX pgqueuer_updated_id_id1_idx ON pgqueuer (updated, id DESC) INCLUDE (id) WHERE status = 'picked';
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0022_privacy")]
    operations = [
        ops.RunSQL(TELL, TELL_ALL),
        ops.RunSQL(COUNT, COUNT_NO_MORE),
        ops.RunSQL(LOG_FAILURES, LOG_ALL),
        ops.RunSQL(LEAN, FULL),
    ]
