#include "tests/simulation/snapshot.hpp"

#include <algorithm>
#include <utility>

#include "libs/sqlite/database.hpp"
#include "tests/simulation/program.hpp"

namespace orderflow::simulation {

namespace {

template <class T>
Result<T> answer_of(Program& program, task<Result<T>> work) {
    auto answer = program.run(std::move(work));
    if (!answer) return fail(ErrorKind::unavailable, "sim.stopped");
    return *std::move(answer);
}

Result<void> read_orders(Program& program, audit::Snapshot& into) {
    orders::OrderQuery query;
    query.limit = 100;
    for (bool more = true; more;) {
        const auto page = answer_of(program, program.reader().list(query));
        if (!page) return fail(page.error());
        for (const auto& order : page->orders) {
            const auto events = answer_of(program, program.reader().events(order.id, 0));
            if (!events) return fail(events.error());
            const auto postings = answer_of(program, program.reader().ledger(order.id));
            if (!postings) return fail(postings.error());
            into.orders.push_back(audit::stored_order(order, *events, *postings));
            query.starting_after = order.id;
        }
        more = page->has_more;
    }
    return {};
}

Result<void> read_products(Program& program, audit::Snapshot& into) {
    const auto items = answer_of(program, program.reader().products());
    if (!items) return fail(items.error());
    const auto first = Program::catalogue();
    for (const auto& item : *items) {
        audit::StoredProduct product;
        product.sku = item.product.sku.value();
        product.on_hand = item.stock.on_hand;
        product.reserved = item.stock.reserved;
        for (const auto& start : first) {
            if (start.product.sku == item.product.sku) product.start = start.stock.on_hand;
        }
        into.products.push_back(std::move(product));
    }
    return {};
}

Result<void> read_provider(Program& program, audit::Snapshot& into) {
    for (std::int64_t after = 0;;) {
        const auto page = answer_of(program, program.provider().effects(after, 100));
        if (!page) return fail(page.error());
        if (page->empty()) return {};
        for (const auto& effect : *page) {
            after = effect.number;
            using Kind = audit::ProviderEffect::Kind;
            into.provider.push_back({.key = effect.key.value,
                                     .kind = effect.kind == payments::EffectKind::charge ? Kind::charge : Kind::refund,
                                     .order = effect.order,
                                     .amount = effect.amount.minor,
                                     .currency = std::string(effect.amount.currency.code()),
                                     .state = effect.state});
        }
    }
}

Result<void> read_dead_letters(Program& program, audit::Snapshot& into) {
    for (std::int64_t after = 0;;) {
        const auto letters = answer_of(program, program.reader().dead_letters(after, 100));
        if (!letters) return fail(letters.error());
        if (letters->empty()) return {};
        for (const auto& letter : *letters) {
            after = letter.number;
            if (letter.order) into.dead_letter_orders.push_back(*letter.order);
        }
    }
}

// All three together: the file does not say in words which queue a row is of.
Result<void> count_messages(Program& program, const std::string& directory, const std::string& vfs,
                            audit::Snapshot& into) {
    audit::StoredQueue all;
    all.name = "all queues";
    for (auto& [name, queue] : program.queues()) {
        const auto counts = answer_of(program, queue->counts());
        if (!counts) return fail(counts.error());
        all.visible += counts->visible;
        all.in_flight += counts->in_flight;
        all.delayed += counts->delayed;
    }
    auto database = sqlite::Database::open(directory + "/queue.db", {.role = sqlite::Role::reader, .vfs = vfs});
    if (!database) return fail(std::move(database).error());
    const auto rows = database->query_int("SELECT count(*) FROM messages");
    if (!rows) return fail(rows.error());
    all.counter = static_cast<std::uint64_t>(*rows);
    into.queues.push_back(std::move(all));
    return {};
}

}  // namespace

Result<audit::Snapshot> take_snapshot(Program& program, const std::string& directory, const std::string& vfs) {
    audit::Snapshot snapshot;
    if (auto read = read_orders(program, snapshot); !read) return fail(std::move(read).error());
    if (auto read = read_products(program, snapshot); !read) return fail(std::move(read).error());
    if (auto read = read_provider(program, snapshot); !read) return fail(std::move(read).error());
    if (auto read = read_dead_letters(program, snapshot); !read) return fail(std::move(read).error());
    if (auto read = count_messages(program, directory, vfs, snapshot); !read) return fail(std::move(read).error());
    return snapshot;
}

}  // namespace orderflow::simulation
