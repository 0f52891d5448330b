#include "libs/storage/sqlite/store_scan.hpp"

#include <utility>

#include "libs/sqlite/migrations.hpp"
#include "libs/sqlite/transaction.hpp"
#include "libs/storage/sqlite/order_queries.hpp"
#include "libs/storage/sqlite/schema.hpp"

namespace orderflow::storage {
namespace {

class SqliteRows final : public StoreRows {
  public:
    SqliteRows(OrderSelect& select, OrderQueries& queries) : orders_(select.all()), queries_(queries) {}

    Result<std::optional<WalkedOrder>> next_order() override {
        const auto there = orders_.next();
        if (!there) return fail(there.error());
        if (!*there) return std::optional<WalkedOrder>();
        auto found = OrderSelect::read(orders_);
        if (!found) return fail(std::move(found).error());
        WalkedOrder walked{.id = found->id, .order = {}, .events = {}, .postings = {}};
        if (!found->order) return walked;
        auto events = queries_.events(walked.id, 0);
        if (!events) return fail(std::move(events).error());
        auto postings = queries_.ledger(walked.id);
        if (!postings) return fail(std::move(postings).error());
        walked.order.emplace(std::move(found->order->order));
        walked.events = *std::move(events);
        walked.postings = *std::move(postings);
        return walked;
    }

    Result<orders::CommandPage> commands(orders::CommandQuery query) override {
        return queries_.commands().page(query);
    }

    Result<std::vector<orders::ShelfItem>> products() override { return queries_.products(); }

    Result<std::vector<orders::StoredDeadLetter>> dead_letters(std::int64_t after, std::uint32_t limit) override {
        return queries_.dead_letters(after, limit);
    }

  private:
    sqlite::Cursor orders_;
    OrderQueries& queries_;
};

}  // namespace

Result<void> scan_store(const std::string& path, StoreVisitor& visitor) {
    auto database = sqlite::open_at_rest(path, order_store_application_id, order_store_migrations);
    if (!database) return fail(std::move(database).error());
    auto select = OrderSelect::prepare(*database);
    if (!select) return fail(std::move(select).error());
    auto queries = OrderQueries::prepare(*database);
    if (!queries) return fail(std::move(queries).error());
    const auto view = sqlite::Transaction::begin(*database, sqlite::Locking::read);
    if (!view) return fail(view.error());
    SqliteRows rows(*select, *queries);
    return visit_store(rows, visitor);
}

}  // namespace orderflow::storage
