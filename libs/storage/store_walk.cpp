#include "libs/storage/store_walk.hpp"

namespace orderflow::storage {
namespace {

Result<void> visit_orders(StoreRows& rows, StoreVisitor& visitor) {
    for (;;) {
        const auto next = rows.next_order();
        if (!next) return fail(next.error());
        const auto& walked = *next;
        if (!walked) return {};
        if (walked->order) {
            visitor.order(*walked->order, walked->events, walked->postings);
        } else {
            visitor.tombstone(walked->id);
        }
    }
}

Result<void> visit_commands(StoreRows& rows, StoreVisitor& visitor) {
    orders::CommandQuery query;
    query.limit = 100;
    for (;;) {
        const auto page = rows.commands(query);
        if (!page) return fail(page.error());
        for (const auto& record : page->commands) visitor.command(record);
        if (!page->has_more) return {};
        query.starting_after = page->commands.back().id;
    }
}

Result<void> visit_products(StoreRows& rows, StoreVisitor& visitor) {
    const auto items = rows.products();
    if (!items) return fail(items.error());
    for (const auto& item : *items) visitor.product(item);
    return {};
}

Result<void> visit_dead_letters(StoreRows& rows, StoreVisitor& visitor) {
    constexpr std::uint32_t page = 100;
    for (std::int64_t after = 0;;) {
        const auto letters = rows.dead_letters(after, page);
        if (!letters) return fail(letters.error());
        if (letters->empty()) return {};
        for (const auto& letter : *letters) visitor.dead_letter(letter);
        after = letters->back().number;
    }
}

}  // namespace

Result<void> visit_store(StoreRows& rows, StoreVisitor& visitor) {
    if (auto visited = visit_orders(rows, visitor); !visited) return visited;
    if (auto visited = visit_commands(rows, visitor); !visited) return visited;
    if (auto visited = visit_products(rows, visitor); !visited) return visited;
    return visit_dead_letters(rows, visitor);
}

}  // namespace orderflow::storage
