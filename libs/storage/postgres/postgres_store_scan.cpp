#include "libs/storage/postgres/postgres_store_scan.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "libs/postgres/migrations.hpp"
#include "libs/storage/postgres/operator_requests.hpp"
#include "libs/storage/postgres/order_requests.hpp"
#include "libs/storage/postgres/order_rows.hpp"
#include "libs/storage/postgres/schema.hpp"
#include "libs/storage/postgres/transaction.hpp"

namespace orderflow::storage {
namespace {

using postgres::Statement;

const Statement begin_view{"begin_view", "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"};
// All three by the number of the order, above $1, of $2 orders.
const Statement scan_orders{"scan_orders", select_orders + "WHERE o.number > $1 ORDER BY o.number LIMIT $2"};
constexpr const char* of_these_orders =
    ".number > $1 AND number <= (SELECT max(number) FROM"
    " (SELECT number FROM orders WHERE number > $1 ORDER BY number LIMIT $2) AS page)";
const Statement scan_events{"scan_events", std::string("SELECT seq, number, previous, record, trace FROM order_events"
                                                       " WHERE order_events") +
                                               of_these_orders + " ORDER BY number, seq"};
const Statement scan_postings{"scan_postings", std::string("SELECT number, event, line, record FROM ledger"
                                                           " WHERE ledger") +
                                                   of_these_orders + " ORDER BY number, event, line"};

const Statement count_programs{
    "count_programs",
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"};
const Statement look_again_soon{"look_again_soon", "SELECT FROM pg_sleep(0.05)"};

class PostgresRows final : public StoreRows {
  public:
    explicit PostgresRows(postgres::Connection& connection) : connection_(connection) {}

    Result<std::optional<WalkedOrder>> next_order() override {
        if (at_.order == orders_in_page()) {
            if (auto turned = turn_the_page(); !turned) return fail(std::move(turned).error());
            if (orders_in_page() == 0) return std::optional<WalkedOrder>();
        }
        auto read = read_order(page_[its_orders], at_.order++);
        if (!read) return fail(std::move(read).error());
        last_ = read->number;
        WalkedOrder walked{.id = read->found.id, .order = {}, .events = {}, .postings = {}};
        if (auto taken = take_events(read->number, walked); !taken) return fail(std::move(taken).error());
        if (auto taken = take_postings(read->number, walked); !taken) return fail(std::move(taken).error());
        if (read->found.order) walked.order.emplace(std::move(read->found.order->order));
        return walked;
    }

    Result<orders::CommandPage> commands(orders::CommandQuery query) override {
        const auto answers = connection_.run(commands_request(query));
        if (!answers) return fail(answers.error());
        return read_commands(*answers, query);
    }

    Result<std::vector<orders::ShelfItem>> products() override {
        const auto answers = connection_.run(products_request());
        if (!answers) return fail(answers.error());
        return read_products(*answers);
    }

    Result<std::vector<orders::StoredDeadLetter>> dead_letters(std::int64_t after, std::uint32_t limit) override {
        const auto answers = connection_.run(dead_letters_request(after, limit));
        if (!answers) return fail(answers.error());
        return read_dead_letters(*answers);
    }

  private:
    // Of a page's answers.
    static constexpr std::size_t its_orders = 0;
    static constexpr std::size_t their_events = 1;
    static constexpr std::size_t their_postings = 2;

    std::size_t orders_in_page() const { return page_.empty() ? 0 : page_[its_orders].size(); }

    Result<void> turn_the_page() {
        postgres::Unit unit;
        for (const auto* statement : {&scan_orders, &scan_events, &scan_postings}) {
            unit.emplace_back(*statement);
            unit.back().parameters.integer(last_).integer(orders_per_scan_page);
        }
        auto page = connection_.run(unit);
        if (!page) return fail(std::move(page).error());
        page_ = *std::move(page);
        at_ = {};
        return {};
    }

    // Rows of orders that are not there any more are passed over.
    Result<void> take_events(std::int64_t number, WalkedOrder& walked) {
        const auto& rows = page_[their_events];
        std::int64_t previous = 0;
        for (; at_.event < rows.size() && rows.integer(at_.event, 1) <= number; ++at_.event) {
            if (rows.integer(at_.event, 1) < number) continue;
            auto decoded = read_event_row(rows, at_.event, previous);
            if (!decoded) return fail(std::move(decoded).error());
            std::ranges::move(*decoded, std::back_inserter(walked.events));
        }
        return {};
    }

    Result<void> take_postings(std::int64_t number, WalkedOrder& walked) {
        const auto& rows = page_[their_postings];
        for (; at_.posting < rows.size() && rows.integer(at_.posting, 0) <= number; ++at_.posting) {
            if (rows.integer(at_.posting, 0) < number) continue;
            auto posting = read_posting_row(rows, at_.posting);
            if (!posting) return fail(std::move(posting).error());
            walked.postings.push_back(*std::move(posting));
        }
        return {};
    }

    postgres::Connection& connection_;
    std::vector<postgres::Rows> page_;
    struct {
        std::size_t order = 0;
        std::size_t event = 0;
        std::size_t posting = 0;
    } at_;
    std::int64_t last_ = 0;  // number of the order that was visited last
};

}  // namespace

Result<void> scan_postgres_store(postgres::ConnectOptions options, const Clock& clock, StoreVisitor& visitor) {
    options.read_only = true;
    auto connection = postgres::Connection::open(options, clock);
    if (!connection) return fail(std::move(connection).error());
    if (auto fits = postgres::check_schema(*connection, order_store_schema); !fits) return fits;
    const RollBack at_the_end(*connection);
    if (const auto begun = connection->run(begin_view); !begun) return fail(begun.error());
    PostgresRows rows(*connection);
    return visit_store(rows, visitor);
}

Result<void> expect_no_program(postgres::ConnectOptions options, const Clock& clock) {
    options.read_only = true;
    auto connection = postgres::Connection::open(options, clock);
    if (!connection) return fail(std::move(connection).error());
    for (const auto until = clock.now() + time_to_leave;;) {
        postgres::Parameters name;
        name.text(options.application_name);
        const auto programs = connection->run(count_programs, std::move(name));
        if (!programs) return fail(programs.error());
        const auto count = programs->integer(0, 0);
        if (count == 0) return {};
        if (clock.now() >= until) {
            return fail(ErrorKind::conflict, "store.in_use",
                        std::to_string(count) + " sessions of programs are open in this database: stop them first");
        }
        if (const auto waited = connection->run(look_again_soon); !waited) return fail(waited.error());
    }
}

}  // namespace orderflow::storage
