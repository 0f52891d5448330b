#include "libs/storage/sqlite/sqlite_order_feed.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "libs/sqlite/database.hpp"
#include "libs/sqlite/errors.hpp"
#include "libs/storage/feed_hub.hpp"

namespace orderflow::storage {
namespace {

// Events of one look; what is left comes with the next, so that a reader's transaction stays short.
constexpr std::int64_t events_max = 10'000;

}  // namespace

struct SqliteOrderFeed::State {
    struct Change {
        orders::OrderId id;
        std::int32_t version = 0;
    };

    State(Executor& e, const Clock& c, std::chrono::milliseconds p, sqlite::Database d)
        : executor(e), clock(c), poll(p), database(std::move(d)) {}

    void begin();
    void start();
    void look();
    void look_again() {
        executor.post_at(clock.now() + poll, [this] { look(); });
    }
    Result<void> start_here();
    Result<void> publish_changes();
    Result<std::vector<Change>> read_changes();

    FeedHub hub;
    Executor& executor;
    const Clock& clock;
    std::chrono::milliseconds poll;

    // Only on the executor.
    sqlite::Database database;
    sqlite::Statement newest;
    sqlite::Statement changed;
    bool looking = false;   // while somebody listens
    bool started = false;   // the two below are of this time of looking
    std::int64_t seen = 0;  // the last event that listeners know of
    std::int64_t seen_data_version = 0;
};

void SqliteOrderFeed::State::begin() {
    if (std::exchange(looking, true)) return;
    start();
    look_again();
}

// Listeners are called although nothing may have happened: what was committed since they read is not known.
void SqliteOrderFeed::State::start() {
    started = start_here().has_value();
    hub.publish_all(0);
}

// What is newer than this is news.
Result<void> SqliteOrderFeed::State::start_here() {
    const auto version = database.data_version();
    if (!version) return fail(version.error());
    auto row = newest.query();
    const auto found = row.next();
    if (!found) return fail(found.error());
    seen = row.integer(0);
    seen_data_version = *version;
    return {};
}

void SqliteOrderFeed::State::look() {
    if (hub.empty()) {
        looking = false;
        return;
    }
    if (started) {
        (void)publish_changes();  // an error is met again, and told, by those who read the order
    } else {
        start();
    }
    look_again();
}

Result<void> SqliteOrderFeed::State::publish_changes() {
    const auto version = database.data_version();
    if (!version) return fail(version.error());
    if (*version == seen_data_version) return {};
    const auto changes = read_changes();
    if (!changes) return fail(changes.error());
    if (changes->size() < static_cast<std::size_t>(events_max)) seen_data_version = *version;
    for (const auto& change : *changes) hub.publish(change.id, change.version);
    return {};
}

Result<std::vector<SqliteOrderFeed::State::Change>> SqliteOrderFeed::State::read_changes() {
    std::vector<Change> changes;
    auto row = changed.query(seen, events_max);
    auto last = seen;
    for (;;) {
        const auto found = row.next();
        if (!found) return fail(found.error());
        if (!*found) break;
        last = row.integer(0);
        const auto id = row.blob(1);
        orders::OrderId::Bytes bytes{};
        if (id.size() != bytes.size()) return fail(sqlite::corrupt("orders, an id of another size"));
        std::ranges::copy(id, bytes.begin());
        changes.push_back({orders::OrderId(bytes), static_cast<std::int32_t>(row.integer(2))});
    }
    seen = last;
    return changes;
}

Result<std::unique_ptr<SqliteOrderFeed>> SqliteOrderFeed::open(Executor& executor, const Clock& clock,
                                                               SqliteFeedOptions options) {
    sqlite::OpenOptions reading;
    reading.role = sqlite::Role::reader;
    reading.vfs = std::move(options.vfs);
    auto database = sqlite::Database::open(options.path, reading);
    if (!database) return fail(std::move(database).error());
    auto state = std::make_unique<State>(executor, clock, options.poll, *std::move(database));
    auto prepared = state->database.prepare_all({
        {&state->newest, "SELECT coalesce(max(seq), 0) FROM order_events"},
        {&state->changed,
         "SELECT e.seq, o.id, o.version FROM order_events e JOIN orders o ON o.number = e.number "
         "WHERE e.seq > ?1 ORDER BY e.seq LIMIT ?2"},
    });
    if (!prepared) return fail(std::move(prepared).error());
    return std::unique_ptr<SqliteOrderFeed>(new SqliteOrderFeed(std::move(state)));
}

SqliteOrderFeed::SqliteOrderFeed(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteOrderFeed::~SqliteOrderFeed() = default;

std::unique_ptr<orders::OrderFeed::Subscription> SqliteOrderFeed::subscribe(orders::OrderId id, Callback changed) {
    auto subscription = state_->hub.subscribe(id, std::move(changed));
    state_->executor.post([state = state_.get()] { state->begin(); });
    return subscription;
}

}  // namespace orderflow::storage
