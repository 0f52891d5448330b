// Connection: one session of a PostgreSQL server, through libpq.
//
// Statements are prepared once per session and run in pipelines: many statements, one round trip. The socket is
// non-blocking and every wait has a deadline, so a server that hangs costs a bounded time. Calls block their thread:
// a Connection belongs to one Executor.
// Source: PostgreSQL documentation, libpq, "Pipeline Mode", "Asynchronous Command Processing".
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "libs/postgres/rows.hpp"

struct pg_conn;

namespace orderflow::postgres {

// Limits of one connection. Those of the server are set in the session, so that it gives up first and says why.
struct Timeouts {
    std::chrono::milliseconds connect{10'000};              // all addresses of the URL together, TLS and login included
    std::chrono::milliseconds address{3'000};               // one address that does not answer; then the next is tried
    std::chrono::milliseconds statement{10'000};            // statement_timeout
    std::chrono::milliseconds lock{3'000};                  // lock_timeout
    std::chrono::milliseconds idle_in_transaction{10'000};  // idle_in_transaction_session_timeout
    std::chrono::milliseconds answer{15'000};  // of one pipeline, on this side: the server or the network is gone
};

struct ConnectOptions {
    std::string url;  // postgresql://...; what it does not say, libpq takes from PGPASSWORD, ~/.pgpass and the like
    std::string application_name = "orderflow";  // what pg_stat_activity shows
    // Asked for before each connecting, for passwords that live a short time (IAM tokens). Its error is the error of
    // open(). Without one: the password of the URL.
    std::function<Result<std::string>()> password{};
    bool read_only = false;  // default_transaction_read_only
    Timeouts timeouts{};
};

// "postgresql://user@host:5432/name": what a person may see of a URL. Errors: invalid_input "postgres.url".
Result<std::string> url_without_secrets(const std::string& url);

// Where a URL leads, and as whom.
struct Login {
    std::string host;
    std::string port;
    std::string user;
    std::string sslmode;  // empty when the URL says nothing of it
};

// Of a URL with one host and a user, as tokens for a login are made for. Errors: invalid_input "postgres.url".
Result<Login> login_of(const std::string& url);

// Prepared under its name, once per session. Two statements never share a name.
struct Statement {
    std::string name;
    std::string sql;
};

struct Request {
    explicit Request(const Statement& s, Parameters p = {}) : statement(&s), parameters(std::move(p)) {}
    const Statement* statement;  // outlives the request
    Parameters parameters;
};

// Requests that succeed or fail together: one transaction, unless they say BEGIN and COMMIT.
using Unit = std::vector<Request>;

// Errors: errors.hpp. After one that ends_connection() the object is of no use any more: is_open() is false.
class Connection {
  public:
    // `clock` outlives it. Blocks; looking up a name blocks for as long as the system's resolver does.
    static Result<Connection> open(const ConnectOptions& options, const Clock& clock);

    // One answer per request. An error is that of the request that failed; those after it did not run. When the unit
    // had begun a transaction, that is to be rolled back.
    Result<std::vector<Rows>> run(const Unit& unit);
    Result<Rows> run(const Statement& statement, Parameters parameters = {});
    // Each unit fails by itself; all in one round trip.
    std::vector<Result<std::vector<Rows>>> run_each(std::span<const Unit> units);

    // Statements without parameters, separated by semicolons, as one transaction.
    Result<void> run_script(const std::string& sql);

    // Whether a NOTIFY of a channel that was LISTENed to has come since the last call. Does not wait.
    Result<bool> take_notifications();

    // How many warnings the server has sent in this session. A COMMIT that succeeds with one is not what it seems: it
    // did not wait for the standbys (documentation, "synchronous_commit", "Synchronous Replication").
    std::uint64_t warnings() const noexcept { return *warnings_; }

    bool is_open() const noexcept { return connection_ != nullptr; }
    bool in_transaction() const;

  private:
    struct Finish {
        void operator()(pg_conn* connection) const noexcept;
    };
    using Handle = std::unique_ptr<pg_conn, Finish>;
    struct Sent;

    Connection(Handle connection, const Clock& clock, Timeouts timeouts);
    static Result<Handle> connect(const ConnectOptions& options, const Clock& clock);
    Result<void> begin_session(const ConnectOptions& options);
    Result<Sent> send_prepares(std::span<const Unit> units);
    Result<Sent> send(const Unit& unit);
    Result<std::vector<Sent>> send_all(std::span<const Unit> units);  // what prepares first
    Result<std::vector<Rows>> receive(const Sent& sent, Instant deadline);
    Result<pg_result*> next_result(Instant deadline);
    Result<void> wait(Instant deadline);
    Error lost();

    std::unique_ptr<std::uint64_t> warnings_;  // libpq keeps its address
    Handle connection_;
    const Clock* clock_;
    Timeouts timeouts_;
    std::set<std::string, std::less<>> prepared_;
};

}  // namespace orderflow::postgres
