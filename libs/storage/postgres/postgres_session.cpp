#include "libs/storage/postgres/postgres_session.hpp"

#include <algorithm>
#include <utility>

namespace orderflow::storage {

Result<postgres::Connection*> PostgresSession::get() {
    if (!is_open()) {
        if (auto opened = connect(); !opened) {
            return fail(ErrorKind::unavailable, opened.error().code(), opened.error().detail());
        }
    }
    return &*connection_;
}

Result<void> PostgresSession::connect() {
    connection_.reset();
    if (why_not_ && clock_.now() < next_attempt_) return fail(*why_not_);
    auto opened = open();
    if (!opened) {
        why_not_.emplace(opened.error());
        connection_.reset();
        next_attempt_ = clock_.now() + pause_;
        pause_ = std::min(pause_ * 2, pause_max);
        return opened;
    }
    why_not_.reset();
    pause_ = pause_first;
    return {};
}

Result<void> PostgresSession::open() {
    auto connection = postgres::Connection::open(options_, clock_);
    if (!connection) return fail(std::move(connection).error());
    connection_.emplace(*std::move(connection));
    return begin_(*connection_);
}

}  // namespace orderflow::storage
