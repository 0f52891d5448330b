#include "libs/postgres/connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "libs/postgres/errors.hpp"

namespace orderflow::postgres {

namespace {

using std::chrono::milliseconds;

constexpr int binary = 1;

int milliseconds_until(Instant deadline, const Clock& clock) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - clock.now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

// Without the line breaks and the advice of later lines.
std::string first_line(std::string_view message) {
    return std::string(message.substr(0, std::min(message.find('\n'), message.size())));
}

// Before a session exists, libpq gives the SQLSTATE only inside of its verbose message: "FATAL:  28P01: password ...".
std::string_view sqlstate_in(std::string_view message) {
    constexpr std::size_t size = 5;
    for (auto at = message.find(":  "); at != std::string_view::npos; at = message.find(":  ", at + 1)) {
        const auto code = message.substr(at + 3, size);
        const bool all =
            std::ranges::all_of(code, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
        if (all && message.substr(at + 3 + code.size()).starts_with(": ")) return code;
    }
    return {};
}

Error cannot_connect(const pg_conn* connection) {
    const std::string message = PQerrorMessage(connection);
    if (const auto code = sqlstate_in(message); !code.empty()) return translate(code, first_line(message));
    return Error(ErrorKind::unavailable, "postgres.unreachable", first_line(message));
}

Error error_of(const pg_result* result) {
    const char* code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (code == nullptr) {
        return Error(ErrorKind::unavailable, "postgres.connection_lost", first_line(PQresultErrorMessage(result)));
    }
    return translate(code, message != nullptr ? message : "");
}

Error closed() { return Error(ErrorKind::unavailable, "postgres.connection_lost", "the connection is closed"); }

std::string text_of(milliseconds time) { return std::to_string(time.count()) + "ms"; }

const Statement session_settings{
    "session_settings",
    "SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false),"
    " set_config('idle_in_transaction_session_timeout', $3, false),"
    " set_config('default_transaction_read_only', $4, false), set_config('synchronous_commit', 'on', false)"};

// All parameters that libpq knows; empty where the URL says nothing.
Result<std::map<std::string, std::string>> url_parts(const std::string& url) {
    char* why = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(url.c_str(), &why),
                                                                               &PQconninfoFree);
    const std::unique_ptr<char, decltype(&PQfreemem)> message(why, &PQfreemem);
    if (options == nullptr) {
        return fail(ErrorKind::invalid_input, "postgres.url", "this is no URL of a PostgreSQL database");
    }
    std::map<std::string, std::string> parts;
    for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
        parts.emplace(option->keyword, option->val == nullptr ? "" : option->val);
    }
    return parts;
}

}  // namespace

Result<std::string> url_without_secrets(const std::string& url) {
    const auto parts = url_parts(url);
    if (!parts) return fail(parts.error());
    auto shown = "postgresql://" + parts->at("user");
    if (!parts->at("user").empty()) shown += "@";
    shown += parts->at("host");
    if (!parts->at("port").empty()) shown += ":" + parts->at("port");
    return shown + "/" + parts->at("dbname");
}

Result<Login> login_of(const std::string& url) {
    const auto parts = url_parts(url);
    if (!parts) return fail(parts.error());
    Login login{.host = parts->at("host"),
                .port = parts->at("port"),
                .user = parts->at("user"),
                .sslmode = parts->at("sslmode")};
    if (login.port.empty()) login.port = "5432";
    if (login.host.empty() || login.user.empty() || login.host.contains(',')) {
        return fail(ErrorKind::invalid_input, "postgres.url", "the URL needs a user and one host");
    }
    return login;
}

void Connection::Finish::operator()(pg_conn* connection) const noexcept { PQfinish(connection); }

Connection::Connection(Handle connection, const Clock& clock, Timeouts timeouts)
    : warnings_(std::make_unique<std::uint64_t>(0)),
      connection_(std::move(connection)),
      clock_(&clock),
      timeouts_(timeouts) {
    PQsetNoticeReceiver(
        connection_.get(),
        [](void* warnings, const pg_result* notice) {
            const char* severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
            if (severity != nullptr && std::string_view(severity) == "WARNING") {
                ++*static_cast<std::uint64_t*>(warnings);
            }
        },
        warnings_.get());
}

Result<Connection> Connection::open(const ConnectOptions& options, const Clock& clock) {
    auto handle = connect(options, clock);
    if (!handle) return fail(std::move(handle).error());
    Connection connection(*std::move(handle), clock, options.timeouts);
    if (auto begun = connection.begin_session(options); !begun) return fail(std::move(begun).error());
    return connection;
}

Result<Connection::Handle> Connection::connect(const ConnectOptions& options, const Clock& clock) {
    std::optional<std::string> password;
    if (options.password) {
        auto token = options.password();
        if (!token) return fail(std::move(token).error());
        password = *std::move(token);
    }
    // The kernel gives up an address that is silent, so that libpq tries the next.
    const auto address_time = std::to_string(options.timeouts.address.count());
    const char* names[] = {"dbname",           "fallback_application_name",     "client_encoding",
                           "tcp_user_timeout", password ? "password" : nullptr, nullptr};
    const char* values[] = {options.url.c_str(),  options.application_name.c_str(),       "UTF8",
                            address_time.c_str(), password ? password->c_str() : nullptr, nullptr};
    Handle handle(PQconnectStartParams(names, values, 1));
    if (handle == nullptr) return fail(ErrorKind::unavailable, "memory.exhausted");
    if (PQstatus(handle.get()) == CONNECTION_BAD) return fail(cannot_connect(handle.get()));
    PQsetErrorVerbosity(handle.get(), PQERRORS_VERBOSE);
    PQsetNoticeReceiver(handle.get(), [](void*, const pg_result*) {}, nullptr);
    const auto deadline = clock.now() + options.timeouts.connect;
    for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK; next = PQconnectPoll(handle.get())) {
        if (next == PGRES_POLLING_FAILED) return fail(cannot_connect(handle.get()));
        pollfd socket{.fd = PQsocket(handle.get()), .events = 0, .revents = 0};
        socket.events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        if (::poll(&socket, 1, milliseconds_until(deadline, clock)) == 0) {
            return fail(ErrorKind::unavailable, "postgres.unreachable", "no answer to the attempt to connect");
        }
    }
    return handle;
}

Result<void> Connection::begin_session(const ConnectOptions& options) {
    if (PQsetnonblocking(connection_.get(), 1) != 0 || PQenterPipelineMode(connection_.get()) != 1) {
        return fail(lost());
    }
    Parameters settings;
    settings.text(text_of(timeouts_.statement)).text(text_of(timeouts_.lock));
    settings.text(text_of(timeouts_.idle_in_transaction)).text(options.read_only ? "on" : "off");
    auto set = run(session_settings, std::move(settings));
    if (!set) return fail(std::move(set).error());
    return {};
}

// What of a unit is on its way: statements to be prepared, or requests.
struct Connection::Sent {
    std::vector<const Statement*> prepares;
    std::size_t requests = 0;
};

// What a unit is the first to use is prepared in front of all of them, with a result of its own.
Result<Connection::Sent> Connection::send_prepares(std::span<const Unit> units) {
    Sent sent;
    std::set<std::string_view> seen;
    for (const auto& unit : units) {
        for (const auto& [statement, parameters] : unit) {
            if (prepared_.contains(statement->name) || !seen.insert(statement->name).second) continue;
            std::vector<Oid> types;
            for (const auto type : parameters.types()) types.push_back(std::to_underlying(type));
            if (PQsendPrepare(connection_.get(), statement->name.c_str(), statement->sql.c_str(),
                              static_cast<int>(types.size()), types.data()) != 1) {
                return fail(lost());
            }
            sent.prepares.push_back(statement);
        }
    }
    if (!sent.prepares.empty() && PQpipelineSync(connection_.get()) != 1) return fail(lost());
    return sent;
}

Result<Connection::Sent> Connection::send(const Unit& unit) {
    Sent sent;
    for (const auto& [statement, parameters] : unit) {
        std::vector<const char*> values;
        std::vector<int> lengths;
        for (const auto& value : parameters.values()) {
            values.push_back(value.data());
            lengths.push_back(static_cast<int>(value.size()));
        }
        const std::vector<int> formats(values.size(), binary);
        if (PQsendQueryPrepared(connection_.get(), statement->name.c_str(), static_cast<int>(values.size()),
                                values.data(), lengths.data(), formats.data(), binary) != 1) {
            return fail(lost());
        }
        ++sent.requests;
    }
    if (PQpipelineSync(connection_.get()) != 1) return fail(lost());
    return sent;
}

Result<std::vector<Rows>> Connection::receive(const Sent& sent, Instant deadline) {
    std::vector<Rows> answers;
    std::optional<Error> failed;
    bool after_null = false;
    for (std::size_t prepared = 0;;) {
        auto result = next_result(deadline);
        if (!result) return fail(std::move(result).error());
        if (*result == nullptr) {  // between two commands; never twice while an answer is due
            if (std::exchange(after_null, true)) return fail(lost());
            continue;
        }
        after_null = false;
        Rows rows(*result);
        switch (PQresultStatus(*result)) {
            case PGRES_PIPELINE_SYNC:
                if (failed) return fail(*std::move(failed));
                return answers;
            case PGRES_COMMAND_OK:
            case PGRES_TUPLES_OK:
                if (prepared < sent.prepares.size()) {
                    prepared_.insert(sent.prepares[prepared++]->name);
                } else {
                    answers.push_back(std::move(rows));
                }
                break;
            case PGRES_PIPELINE_ABORTED: break;
            default:
                if (!failed) failed.emplace(error_of(*result));
                if (PQstatus(connection_.get()) == CONNECTION_BAD || ends_connection(*failed)) {
                    connection_.reset();
                    return fail(*std::move(failed));
                }
        }
    }
}

// Null at the end of one command's results.
Result<pg_result*> Connection::next_result(Instant deadline) {
    for (;;) {
        if (PQisBusy(connection_.get()) == 0) return PQgetResult(connection_.get());
        if (auto waited = wait(deadline); !waited) return fail(std::move(waited).error());
    }
}

// Until there is something to read, while what is to be sent goes out.
Result<void> Connection::wait(Instant deadline) {
    const int unsent = PQflush(connection_.get());
    if (unsent < 0) return fail(lost());
    pollfd socket{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
    if (unsent > 0) socket.events |= POLLOUT;
    if (::poll(&socket, 1, milliseconds_until(deadline, *clock_)) == 0) {
        connection_.reset();
        return fail(ErrorKind::unavailable, "postgres.no_answer", "the server did not answer in time");
    }
    if (socket.revents != POLLOUT && PQconsumeInput(connection_.get()) != 1) return fail(lost());
    return {};
}

Error Connection::lost() {
    Error error(ErrorKind::unavailable, "postgres.connection_lost", first_line(PQerrorMessage(connection_.get())));
    connection_.reset();
    return error;
}

Result<std::vector<Connection::Sent>> Connection::send_all(std::span<const Unit> units) {
    if (!connection_) return fail(closed());
    auto prepares = send_prepares(units);
    if (!prepares) return fail(std::move(prepares).error());
    std::vector<Sent> sent;
    sent.push_back(*std::move(prepares));
    for (const auto& unit : units) {
        auto on_its_way = send(unit);
        if (!on_its_way) return fail(std::move(on_its_way).error());
        sent.push_back(*std::move(on_its_way));
    }
    return sent;
}

std::vector<Result<std::vector<Rows>>> Connection::run_each(std::span<const Unit> units) {
    using Answer = Result<std::vector<Rows>>;
    const auto deadline = clock_->now() + timeouts_.answer;
    const auto sent = send_all(units);
    std::vector<Answer> answers;
    answers.reserve(units.size());
    std::optional<Error> failed;  // of all that come: the connection is lost, or a statement cannot be prepared
    if (!sent) {
        failed.emplace(sent.error());
    } else if (!sent->front().prepares.empty()) {
        if (const auto prepared = receive(sent->front(), deadline); !prepared) failed.emplace(prepared.error());
    }
    for (std::size_t i = 0; i < units.size(); ++i) {
        auto answer = connection_ ? receive((*sent)[i + 1], deadline) : Answer(fail(failed ? *failed : closed()));
        if (!answer && !connection_ && !failed) failed.emplace(answer.error());
        if (failed && connection_) answer = fail(*failed);
        answers.push_back(std::move(answer));
    }
    return answers;
}

Result<std::vector<Rows>> Connection::run(const Unit& unit) { return std::move(run_each(std::span(&unit, 1)).front()); }

Result<Rows> Connection::run(const Statement& statement, Parameters parameters) {
    Unit unit;
    unit.emplace_back(statement, std::move(parameters));
    auto answers = run(unit);
    if (!answers) return fail(std::move(answers).error());
    return std::move(answers->front());
}

Result<void> Connection::run_script(const std::string& sql) {
    if (!connection_) return fail(closed());
    if (PQexitPipelineMode(connection_.get()) != 1 || PQsendQuery(connection_.get(), sql.c_str()) != 1) {
        return fail(lost());
    }
    const auto deadline = clock_->now() + timeouts_.answer;
    std::optional<Error> failed;
    for (;;) {
        auto result = next_result(deadline);
        if (!result) return fail(std::move(result).error());
        if (*result == nullptr) break;
        const Rows rows(*result);
        if (PQresultStatus(*result) == PGRES_FATAL_ERROR && !failed) failed.emplace(error_of(*result));
    }
    if (PQstatus(connection_.get()) == CONNECTION_BAD || PQenterPipelineMode(connection_.get()) != 1) {
        const auto error = lost();
        if (!failed) failed.emplace(error);
    }
    if (failed) return fail(*std::move(failed));
    return {};
}

Result<bool> Connection::take_notifications() {
    if (!connection_) return fail(closed());
    if (PQconsumeInput(connection_.get()) != 1) return fail(lost());
    bool any = false;
    for (;;) {
        const std::unique_ptr<PGnotify, decltype(&PQfreemem)> notification(PQnotifies(connection_.get()), &PQfreemem);
        if (notification == nullptr) return any;
        any = true;
    }
}

bool Connection::in_transaction() const {
    return connection_ != nullptr && PQtransactionStatus(connection_.get()) != PQTRANS_IDLE;
}

}  // namespace orderflow::postgres
