#include "queue-service/journal/journal_scan.hpp"

#include <map>
#include <unordered_map>
#include <utility>

#include "libs/sqlite/errors.hpp"
#include "libs/sqlite/migrations.hpp"
#include "libs/sqlite/transaction.hpp"
#include "queue-service/journal/journal_rows.hpp"
#include "queue-service/journal/queue_rows.hpp"
#include "queue-service/journal/schema.hpp"

namespace orderflow::queue {
namespace {

template <class Visit>
Result<void> for_each_row(sqlite::Database& database, std::string_view sql, Visit visit) {
    auto select = database.prepare(sql);
    if (!select) return fail(std::move(select).error());
    auto row = select->query();
    for (;;) {
        const auto there = row.next();
        if (!there) return fail(there.error());
        if (!*there) return {};
        if (Result<void> visited = visit(std::as_const(row)); !visited) return visited;
    }
}

enum class Waiting : std::uint8_t { in_flight, delayed };

class Scan {
  public:
    Scan(sqlite::Database& database, WallTime now, const VisitMessage& visit)
        : database_(database), now_(now), visit_(visit) {}

    Result<std::vector<ScannedQueue>> run() {
        for (const auto step : {&Scan::read_totals, &Scan::read_queues, &Scan::read_deliveries, &Scan::read_messages}) {
            if (auto read = (this->*step)(); !read) return fail(std::move(read).error());
        }
        return std::move(queues_);
    }

  private:
    Result<void> read_totals() {
        return for_each_row(database_, select_totals, [this](const sqlite::Cursor& row) -> Result<void> {
            const auto totals = totals_from(row);
            if (!totals) return fail(totals.error());
            totals_.emplace(QueueNo{static_cast<std::uint32_t>(row.integer(0))}, *totals);
            return {};
        });
    }

    Result<void> read_queues() {
        return for_each_row(database_, select_queues, [this](const sqlite::Cursor& row) -> Result<void> {
            auto record = record_from(row);
            if (!record) return fail(std::move(record).error());
            const auto totals = totals_.find(record->no);
            if (totals == totals_.end()) return fail(sqlite::corrupt("queue_totals, no row of " + record->name.name));
            if (totals->second.purged_through == all_sequences) return {};
            places_.emplace(record->no, queues_.size());
            queues_.push_back({.no = record->no, .name = std::move(record->name), .counter = totals->second.messages});
            return {};
        });
    }

    Result<void> read_deliveries() {
        return for_each_row(database_, select_deliveries, [this](const sqlite::Cursor& row) -> Result<void> {
            const auto delivery = delivery_from(row);
            if (!delivery) return fail(delivery.error());
            if (delivery->visible_at <= now_) return {};
            waiting_.emplace(row.integer(0), delivery->receive_count == 0 ? Waiting::delayed : Waiting::in_flight);
            return {};
        });
    }

    Result<void> read_messages() {
        return for_each_row(database_, select_messages, [this](const sqlite::Cursor& row) -> Result<void> {
            const auto key = unpack(row.integer(0));
            const auto place = places_.find(key.queue);
            if (place == places_.end() || key.sequence <= totals_[key.queue].purged_through) return {};
            const auto message = message_from(row);
            if (!message) return fail(message.error());
            count(queues_[place->second], row.integer(0));
            visit_(place->second, **message);
            return {};
        });
    }

    void count(ScannedQueue& queue, std::int64_t key) const {
        const auto waiting = waiting_.find(key);
        if (waiting == waiting_.end()) {
            ++queue.visible;
        } else {
            ++(waiting->second == Waiting::delayed ? queue.delayed : queue.in_flight);
        }
    }

    sqlite::Database& database_;
    WallTime now_;
    const VisitMessage& visit_;
    std::map<QueueNo, QueueTotals> totals_;
    std::map<QueueNo, std::size_t> places_;
    std::unordered_map<std::int64_t, Waiting> waiting_;
    std::vector<ScannedQueue> queues_;
};

}  // namespace

Result<std::vector<ScannedQueue>> scan_journal(const std::string& path, WallTime now, const VisitMessage& visit) {
    auto database = sqlite::open_at_rest(path, journal_application_id, journal_schema);
    if (!database) return fail(std::move(database).error());
    const auto view = sqlite::Transaction::begin(*database, sqlite::Locking::read);
    if (!view) return fail(view.error());
    return Scan(*database, now, visit).run();
}

}  // namespace orderflow::queue
