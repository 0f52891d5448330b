#include "libs/storage/postgres/postgres_order_feed.hpp"

#include <string>
#include <utility>

#include "libs/base/safeguard.hpp"
#include "libs/storage/feed_hub.hpp"
#include "libs/storage/postgres/order_rows.hpp"
#include "libs/storage/postgres/postgres_session.hpp"
#include "libs/storage/postgres/schema.hpp"

namespace orderflow::storage {

namespace {

// Events of one look; what is left comes with the next.
constexpr std::int64_t events_max = 10'000;

const postgres::Statement listen{"listen", "LISTEN " + std::string(order_changes_channel)};
// xid8 has no cast to or from bigint; its text is the number.
const postgres::Statement oldest_running{"oldest_running",
                                         "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"};
const postgres::Statement changes{
    "changes",
    std::string("SELECT e.xact::text::bigint, e.seq, o.id, o.version FROM order_events e"
                " JOIN orders o ON o.number = e.number"
                " WHERE (e.xact, e.seq) > (($1::bigint)::text::xid8, $2::bigint)") +
        (safeguard(Safeguard::below_the_running) ? " AND e.xact < pg_snapshot_xmin(pg_current_snapshot())" : "") +
        " ORDER BY e.xact, e.seq LIMIT $3"};
// Committed, and above a transaction that is running: to be looked for soon.
const postgres::Statement withheld{
    "withheld", "SELECT EXISTS (SELECT FROM order_events WHERE xact >= pg_snapshot_xmin(pg_current_snapshot()))::int"};

}  // namespace

struct PostgresOrderFeed::State {
    State(Executor& e, const Clock& c, PostgresFeedOptions o)
        : executor(e),
          clock(c),
          options(std::move(o)),
          session(options.connect, c, [this](postgres::Connection& connection) { return start_here(connection); }) {}

    void begin();
    void look();
    void look_again() {
        executor.post_at(clock.now() + options.poll, [this] { look(); });
    }
    Result<void> start_here(postgres::Connection& connection);
    Result<void> publish_changes();

    FeedHub hub;
    Executor& executor;
    const Clock& clock;
    const PostgresFeedOptions options;

    // Only on the executor.
    PostgresSession session;
    bool looking = false;  // while somebody listens
    bool due = false;      // to ask the server at the next look
    Instant next_recheck{};
    std::int64_t seen_transaction = 0;  // the cursor: what listeners know of
    std::int64_t seen_event = 0;
};

void PostgresOrderFeed::State::begin() {
    if (std::exchange(looking, true)) return;
    const bool was_open = session.is_open();
    const auto connection = session.get();  // a new one starts here by itself; an error is met at the next look
    if (was_open && connection) (void)start_here(**connection);
    look_again();
}

// What is newer than this is news. Listeners are called although nothing may have happened: what was committed between
// their own reading and this is not known.
Result<void> PostgresOrderFeed::State::start_here(postgres::Connection& connection) {
    const auto started = connection.run(postgres::Unit{postgres::Request(listen), postgres::Request(oldest_running)});
    if (!started) return fail(started.error());
    seen_transaction = started->back().integer(0, 0);
    seen_event = 0;
    due = false;
    next_recheck = clock.now() + options.recheck;
    hub.publish_all(0);
    return {};
}

void PostgresOrderFeed::State::look() {
    if (hub.empty()) {
        looking = false;
        return;
    }
    (void)publish_changes();  // an error is met again, and told, by those who read the order
    look_again();
}

Result<void> PostgresOrderFeed::State::publish_changes() {
    const auto connection = session.get();
    if (!connection) return fail(connection.error());
    const auto notified = (*connection)->take_notifications();
    if (!notified) return fail(notified.error());
    if (!*notified && !due && clock.now() < next_recheck) return {};
    postgres::Unit unit{postgres::Request(changes), postgres::Request(withheld)};
    unit[0].parameters.integer(seen_transaction).integer(seen_event).integer(events_max);
    const auto answers = (*connection)->run(unit);
    if (!answers) return fail(answers.error());
    const auto& rows = answers->front();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        hub.publish(read_id(rows, i, 2), static_cast<std::int32_t>(rows.integer(i, 3)));
    }
    if (!rows.empty()) {
        seen_transaction = rows.integer(rows.size() - 1, 0);
        seen_event = rows.integer(rows.size() - 1, 1);
    }
    due = rows.size() == static_cast<std::size_t>(events_max) || answers->back().integer(0, 0) != 0;
    next_recheck = clock.now() + options.recheck;
    return {};
}

PostgresOrderFeed::PostgresOrderFeed(Executor& executor, const Clock& clock, PostgresFeedOptions options)
    : state_(std::make_unique<State>(executor, clock, std::move(options))) {}
PostgresOrderFeed::~PostgresOrderFeed() = default;

std::unique_ptr<orders::OrderFeed::Subscription> PostgresOrderFeed::subscribe(orders::OrderId id, Callback changed) {
    auto subscription = state_->hub.subscribe(id, std::move(changed));
    state_->executor.post([state = state_.get()] { state->begin(); });
    return subscription;
}

}  // namespace orderflow::storage
