// PostgresSession: a connection that is made when it is needed and made again after it broke, with back-off.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "libs/base/clock.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

// From one Executor only.
class PostgresSession {
  public:
    // Between two attempts to connect; doubled with each that fails.
    static constexpr std::chrono::milliseconds pause_first{100};
    static constexpr std::chrono::milliseconds pause_max{5'000};

    // What is done with each new connection before its first use.
    using Begin = std::function<Result<void>(postgres::Connection&)>;

    // `clock` outlives it.
    PostgresSession(postgres::ConnectOptions options, const Clock& clock, Begin begin)
        : options_(std::move(options)), clock_(clock), begin_(std::move(begin)) {}

    // Good until the next call. The error is why there is none now, always of kind unavailable: whoever set it up wrong
    // was told by connect(), and what is refused later may be right again.
    Result<postgres::Connection*> get();

    bool is_open() const { return connection_ && connection_->is_open(); }

    // The same with the kind that the error has, for a start: a wrong password is not to be waited for.
    Result<void> connect();

  private:
    Result<void> open();

    postgres::ConnectOptions options_;
    const Clock& clock_;
    Begin begin_;
    std::optional<postgres::Connection> connection_;
    std::optional<Error> why_not_;  // of the last attempt
    Instant next_attempt_{};
    std::chrono::milliseconds pause_ = pause_first;
};

}  // namespace orderflow::storage
