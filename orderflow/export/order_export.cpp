#include "orderflow/export/order_export.hpp"

#include <algorithm>
#include <string>

#include "libs/contract/order_record_json.hpp"

namespace orderflow {
namespace {

bool is_in(const ExportRange& range, const orders::Order& order) {
    return (!range.from || order.created_at >= *range.from) && (!range.to || order.created_at < *range.to);
}

// What happened after the order's page was read: a line shows one moment.
void forget_later(const orders::Order& order, std::vector<orders::OrderEvent>& events,
                  std::vector<orders::LedgerPosting>& ledger) {
    std::erase_if(events, [&](const orders::OrderEvent& event) { return event.version > order.version; });
    std::erase_if(ledger, [&](const orders::LedgerPosting& posting) { return posting.at > order.updated_at; });
}

}  // namespace

task<Result<void>> export_orders(orders::OldestOrders& oldest, orders::OrderReader& reader, ExportRange range,
                                 const WriteLines& write, const std::function<void(const ExportProgress&)>& tell,
                                 ExportProgress& progress) {
    progress.through = range.after;
    const auto last = co_await oldest.complete_through();
    if (!last) co_return fail(last.error());
    for (;;) {
        auto page = co_await oldest.oldest({.after = progress.through, .status = std::nullopt});
        if (!page) co_return fail(page.error());
        const auto newer = std::ranges::find_if(page->orders, [&](const auto& one) { return one.number > *last; });
        const bool end = !page->has_more || newer != page->orders.end();
        page->orders.erase(newer, page->orders.end());
        std::string lines;
        std::uint64_t written = 0;
        for (const auto& order : page->orders) {
            if (!is_in(range, order)) continue;
            auto events = co_await reader.events(order.id, 0);
            if (!events) co_return fail(std::move(events).error());
            if (events->empty()) continue;  // it became a tombstone meanwhile
            auto ledger = co_await reader.ledger(order.id);
            if (!ledger) co_return fail(std::move(ledger).error());
            forget_later(order, *events, *ledger);
            lines += contract::encode_order_record(order, *events, *ledger);
            lines += '\n';
            ++written;
        }
        if (!lines.empty() && !write(lines)) {
            co_return fail(ErrorKind::unavailable, "export.not_written", "the output cannot be written");
        }
        progress.orders += written;
        if (!page->orders.empty()) progress.through = page->orders.back().number;
        tell(progress);
        if (end) co_return Result<void>();
    }
}

}  // namespace orderflow
