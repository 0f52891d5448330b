-- The roles of the order store, on a new database and again after each change of a password. As the master user:
--   orderflow_owner   makes and changes tables (orderflow migrate), and nothing else runs as it
--   orderflow_worker  worker-service: reads and writes rows
--   orderflow_reader  api-service: reads rows
-- From the environment: OWNER_PASSWORD, WORKER_PASSWORD, READER_PASSWORD, and IAM (on: tokens instead of passwords).
\getenv owner_password OWNER_PASSWORD
\getenv worker_password WORKER_PASSWORD
\getenv reader_password READER_PASSWORD
\getenv iam IAM

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['orderflow_owner', 'orderflow_worker', 'orderflow_reader']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

ALTER ROLE orderflow_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE orderflow_worker LOGIN PASSWORD :'worker_password';
ALTER ROLE orderflow_reader LOGIN PASSWORD :'reader_password';

\if :iam
GRANT rds_iam TO orderflow_owner, orderflow_worker, orderflow_reader;
\endif

-- The owner makes the tables; what it makes is granted to the others at once, also what later migrations bring.
GRANT orderflow_owner TO CURRENT_USER;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO orderflow_owner;
GRANT USAGE ON SCHEMA public TO orderflow_worker, orderflow_reader;
SELECT format('GRANT CONNECT ON DATABASE %I TO orderflow_owner, orderflow_worker, orderflow_reader', current_database())
\gexec

ALTER DEFAULT PRIVILEGES FOR ROLE orderflow_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO orderflow_worker;
ALTER DEFAULT PRIVILEGES FOR ROLE orderflow_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO orderflow_worker;
ALTER DEFAULT PRIVILEGES FOR ROLE orderflow_owner IN SCHEMA public GRANT SELECT ON TABLES TO orderflow_reader;
