#include "libs/storage/memory/in_memory_order_store.hpp"

#include <algorithm>
#include <utility>

#include "libs/storage/memory/memory_shelf.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint32_t page_max = 100;

bool same_letters(std::string_view a, std::string_view b) {
    const auto folded = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, folded, folded);
}

bool matches(const orders::OrderQuery& query, const orders::Order& order) {
    const auto has_sku = [&] {
        return std::ranges::any_of(order.draft->lines, [&](const auto& line) { return line.sku == *query.sku; });
    };
    return (!query.id || order.id == *query.id) && (!query.number || order.number == *query.number) &&
           (!query.status || order.status == *query.status) &&
           (!query.customer_email || same_letters(order.draft->customer.email, *query.customer_email)) &&
           (!query.sku || has_sku()) && (!query.created_after || order.created_at > *query.created_after) &&
           (!query.created_before || order.created_at < *query.created_before);
}

// Of Decision::letter_once.
bool stands_for(const orders::StoredDeadLetter& stored, const orders::StoredDeadLetter& letter) {
    const bool stands = stored.state == orders::LetterState::open || stored.state == orders::LetterState::discarded;
    return stands && stored.order == letter.order && stored.letter.code == letter.letter.code;
}

}  // namespace

InMemoryOrderStore::InMemoryOrderStore(const Clock& clock, const orders::Pricing& pricing,
                                       std::vector<orders::ShelfItem> catalogue)
    : clock_(clock), pricing_(pricing), shelf_(std::make_unique<MemoryShelf>(std::move(catalogue))) {}

InMemoryOrderStore::~InMemoryOrderStore() = default;

task<Result<std::vector<Result<orders::Step>>>> InMemoryOrderStore::apply(std::vector<orders::Change> group) {
    std::vector<Result<orders::Step>> steps;
    std::vector<orders::Order> touched;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& change : group) steps.push_back(apply_one(change, touched));
    }
    for (const auto& order : touched) feed_.publish(order.id, order.version);
    co_return steps;
}

Result<orders::Step> InMemoryOrderStore::apply_one(const orders::Change& change, std::vector<orders::Order>& touched) {
    orders::Loaded loaded;
    const auto* id = orders::order_id_of(change);
    if (id != nullptr) {
        const auto order = orders_.find(*id);
        if (order != orders_.end()) loaded.order = &order->second;
        loaded.tombstone = tombstones_.contains(*id);
        const auto intent = intents_.find(*id);
        if (intent != intents_.end() && loaded.order == nullptr) loaded.intent = &intent->second;
    }
    auto decision = orders::decide(change, loaded, *shelf_, pricing_, clock_.wall());
    if (decision.letter) {
        const auto number = static_cast<std::int64_t>(letters_.size()) + 1;
        orders::StoredDeadLetter letter(number, *std::move(decision.letter), clock_.wall());
        if (const auto* about = orders::letter_order_of(change)) letter.order = *about;
        const auto known = [&](const auto& stored) {
            return stored.letter.message_id == letter.letter.message_id ||
                   (decision.letter_once && letter.order && stands_for(stored, letter));
        };
        if (std::ranges::none_of(letters_, known)) letters_.push_back(std::move(letter));
    }
    if (decision.audit) {
        const auto* known = find_command(decision.audit->id);
        if (known == nullptr || known->action == orders::unknown_action) put_command(*std::move(decision.audit));
    }
    if (id != nullptr) write(*id, decision, touched);
    return std::move(decision.step);
}

void InMemoryOrderStore::write(const orders::OrderId& id, orders::Decision& decision,
                               std::vector<orders::Order>& touched) {
    if (decision.keep_intent) intents_.emplace(id, *std::move(decision.keep_intent));
    if (decision.drop_intent) intents_.erase(id);
    if (!decision.order) return;
    auto& order = *decision.order;
    if (order.number == 0) {
        order.number = static_cast<std::int64_t>(by_number_.size()) + 1;
        by_number_.emplace(order.number, id);
    }
    touched.push_back(order);
    endpoints_.append(id, decision.events);
    orders_.insert_or_assign(id, *std::move(decision.order));
    events_[id].insert(events_[id].end(), decision.events.begin(), decision.events.end());
    ledger_[id].insert(ledger_[id].end(), decision.ledger.begin(), decision.ledger.end());
    shelf_->move(decision.stock);
}

task<Result<orders::OrderLookup>> InMemoryOrderStore::find(orders::OrderId id) {
    const std::lock_guard lock(mutex_);
    orders::OrderLookup lookup;
    if (const auto order = orders_.find(id); order != orders_.end()) lookup.order = order->second;
    if (const auto buried = tombstones_.find(id); buried != tombstones_.end()) {
        lookup.tombstone.emplace(buried->second.last_status);
    }
    co_return lookup;
}

task<Result<std::vector<std::optional<orders::Fingerprint>>>> InMemoryOrderStore::fingerprints(
    std::vector<orders::OrderId> ids) {
    const std::lock_guard lock(mutex_);
    std::vector<std::optional<orders::Fingerprint>> fingerprints;
    for (const auto& id : ids) {
        auto& fingerprint = fingerprints.emplace_back();
        if (const auto order = orders_.find(id); order != orders_.end()) fingerprint = order->second.fingerprint;
        if (const auto buried = tombstones_.find(id); buried != tombstones_.end()) {
            fingerprint = buried->second.fingerprint;
        }
    }
    co_return fingerprints;
}

task<Result<std::vector<orders::OrderEvent>>> InMemoryOrderStore::events(orders::OrderId id, std::int32_t after) {
    const std::lock_guard lock(mutex_);
    std::vector<orders::OrderEvent> events;
    if (!orders_.contains(id)) co_return events;
    events = events_[id];
    std::erase_if(events, [after](const auto& event) { return event.version <= after; });
    co_return events;
}

task<Result<std::vector<orders::ShelfItem>>> InMemoryOrderStore::products() {
    const std::lock_guard lock(mutex_);
    co_return shelf_->items();
}

task<Result<orders::OrderPage>> InMemoryOrderStore::list(orders::OrderQuery query) {
    const std::lock_guard lock(mutex_);
    auto next = by_number_.rbegin();
    if (query.starting_after) {
        next = std::find_if(next, by_number_.rend(), [&](const auto& e) { return e.second == *query.starting_after; });
        if (next == by_number_.rend()) {
            co_return fail(ErrorKind::invalid_input, "query.starting_after", "no order has this id");
        }
        ++next;
    }
    const auto limit = std::clamp<std::size_t>(query.limit, 1, page_max);
    orders::OrderPage page;
    for (; next != by_number_.rend(); ++next) {
        const auto order = orders_.find(next->second);
        if (order == orders_.end() || !matches(query, order->second)) continue;
        if (page.orders.size() == limit) {
            page.has_more = true;
            break;
        }
        page.orders.push_back(order->second);
    }
    co_return page;
}

task<Result<orders::OrderPage>> InMemoryOrderStore::oldest(orders::OldestQuery query) {
    const std::lock_guard lock(mutex_);
    const auto limit = std::clamp<std::size_t>(query.limit, 1, page_max);
    orders::OrderPage page;
    for (auto next = by_number_.upper_bound(query.after); next != by_number_.end(); ++next) {
        const auto order = orders_.find(next->second);
        if (order == orders_.end() || (query.status && order->second.status != *query.status)) continue;
        page.has_more = page.orders.size() == limit;
        if (page.has_more) break;
        page.orders.push_back(order->second);
    }
    co_return page;
}

task<Result<std::int64_t>> InMemoryOrderStore::complete_through() {
    const std::lock_guard lock(mutex_);
    co_return by_number_.empty() ? 0 : by_number_.rbegin()->first;
}

task<Result<std::vector<orders::LedgerPosting>>> InMemoryOrderStore::ledger(orders::OrderId id) {
    const std::lock_guard lock(mutex_);
    co_return ledger_[id];
}

task<Result<std::vector<orders::StoredDeadLetter>>> InMemoryOrderStore::dead_letters(std::int64_t after,
                                                                                     std::uint32_t limit) {
    const std::lock_guard lock(mutex_);
    std::vector<orders::StoredDeadLetter> letters;
    for (const auto& stored : letters_) {
        if (stored.number > after && letters.size() < limit) letters.push_back(stored);
    }
    co_return letters;
}

std::unique_ptr<orders::OrderFeed::Subscription> InMemoryOrderStore::subscribe(orders::OrderId id, Callback changed) {
    return feed_.subscribe(id, std::move(changed));
}

task<Result<bool>> InMemoryOrderStore::bury(orders::OrderId id, std::int32_t version) {
    const std::lock_guard lock(mutex_);
    if (tombstones_.contains(id)) co_return false;
    const auto order = orders_.find(id);
    if (order == orders_.end()) co_return fail(ErrorKind::not_found, "order.unknown", id.to_string());
    if (!orders::is_terminal(order->second.status)) {
        co_return fail(ErrorKind::conflict, "order.not_terminal", id.to_string());
    }
    if (order->second.version != version) {
        co_return fail(ErrorKind::conflict, "order.version_changed", id.to_string());
    }
    make_tombstone(id);
    co_return true;
}

void InMemoryOrderStore::make_tombstone(const orders::OrderId& id) {
    const auto order = orders_.find(id);
    tombstones_.emplace(id, Buried{order->second.status, order->second.fingerprint});
    orders_.erase(order);
}

}  // namespace orderflow::storage
