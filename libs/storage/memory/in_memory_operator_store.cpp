// The operator's ports of InMemoryOrderStore.
#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "libs/storage/memory/in_memory_order_store.hpp"
#include "libs/storage/memory/memory_shelf.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint32_t page_max = 100;

bool wanted(const orders::LetterQuery& query, const orders::StoredDeadLetter& letter) {
    const bool named = query.numbers.empty() || std::ranges::find(query.numbers, letter.number) != query.numbers.end();
    return named && letter.number > query.after && (!query.up_to || letter.number <= *query.up_to) &&
           (!query.state || letter.state == *query.state) && orders::matches(query.filter, letter);
}

}  // namespace

orders::LetterPage InMemoryOrderStore::find_letters(const orders::LetterQuery& query) const {
    const auto limit = std::clamp<std::size_t>(query.limit, 1, page_max);
    orders::LetterPage page;
    for (const auto& letter : letters_) {
        if (!wanted(query, letter)) continue;
        if (page.letters.size() == limit) {
            page.has_more = true;
            break;
        }
        page.letters.push_back(letter);
    }
    return page;
}

std::int64_t InMemoryOrderStore::count_letters(const orders::LetterSelection& selection,
                                               orders::LetterState state) const {
    orders::LetterQuery query;
    query.numbers = selection.numbers;
    query.filter = selection.filter;
    query.state = state;
    const auto all = std::ranges::count_if(letters_, [&](const auto& letter) { return wanted(query, letter); });
    return std::min<std::int64_t>(all, orders::letters_counted_max);
}

const orders::CommandRecord* InMemoryOrderStore::find_command(const std::string& id) const {
    const auto found = std::ranges::find(commands_, id, &orders::CommandRecord::id);
    return found != commands_.end() ? &*found : nullptr;
}

void InMemoryOrderStore::put_command(orders::CommandRecord record) {
    const auto known = std::ranges::find(commands_, record.id, &orders::CommandRecord::id);
    record.number = known != commands_.end() ? known->number : static_cast<std::int64_t>(commands_.size()) + 1;
    if (known != commands_.end()) {
        *known = std::move(record);
    } else {
        commands_.push_back(std::move(record));
    }
}

orders::ErasurePage InMemoryOrderStore::find_to_erase(const orders::ErasureQuery& query) const {
    orders::ErasurePage page;
    page.newest_order = by_number_.empty() ? 0 : by_number_.rbegin()->first;
    page.through = query.up_to.value_or(page.newest_order);
    for (auto next = by_number_.upper_bound(query.after); next != by_number_.end(); ++next) {
        if (next->first > page.through) break;
        const auto order = orders_.find(next->second);
        if (order == orders_.end() || !orders::is_meant(*query.customer, order->second)) continue;
        auto& mine = page.orders.emplace_back(order->second);
        for (const auto& letter : letters_) {
            if (letter.order != next->second || letter.state != orders::LetterState::open) continue;
            mine.open_letter = letter.number;
            break;
        }
        if (page.orders.size() < orders::limits::orders_erased_at_once) continue;
        page.through = next->first;
        break;
    }
    if (!page.orders.empty()) return page;
    for (const auto& letter : letters_) {
        const bool closed =
            letter.state == orders::LetterState::redriven || letter.state == orders::LetterState::discarded;
        if (closed && letter.order && tombstones_.contains(*letter.order)) page.left_over.push_back(letter);
        if (page.left_over.size() == orders::limits::letters_erased_at_once) break;
    }
    return page;
}

task<Result<orders::OperatorStep>> InMemoryOrderStore::operate(orders::OperatorChange change) {
    const std::lock_guard lock(mutex_);
    orders::OperatorLoaded loaded;
    loaded.record = find_command(orders::command_id_of(change));
    if (const auto query = orders::letters_wanted(change, loaded.record)) {
        loaded.letters = find_letters(*query).letters;
        loaded.newest_letter = static_cast<std::int64_t>(letters_.size());
    }
    if (const auto* act = orders::letters_counted(change, loaded.record)) {
        loaded.matched = count_letters(act->selection, state_before(act->action));
    }
    const auto* stock = orders::stock_wanted(change);
    const auto* item = stock != nullptr ? shelf_->find(stock->sku) : nullptr;
    if (item != nullptr) loaded.stock = item->stock;
    const auto* edit = orders::edit_wanted(change);
    if (edit != nullptr && edit->places) {
        loaded.order_is_stored = orders_.contains(*edit->places) || tombstones_.contains(*edit->places);
    }
    if (const auto* file = orders::import_wanted(change)) {
        for (const auto& row : file->rows) {
            const auto* known = shelf_->find(row.product.sku);
            if (known != nullptr) loaded.products.push_back(*known);
        }
    }
    const auto* stop = orders::stop_wanted(change);
    const auto* other = stop != nullptr ? find_command(stop->command_id) : nullptr;
    if (other != nullptr) loaded.other = *other;
    loaded.workers = worker_settings_;
    const auto* endpoint = orders::endpoint_wanted(change);
    if (endpoint != nullptr) loaded.endpoint = endpoints_.load(*endpoint);
    if (const auto customer = orders::erasure_wanted(change, loaded.record)) loaded.erasure = find_to_erase(*customer);
    loaded.times = command_times_;
    auto decision = orders::decide_operator(change, std::move(loaded), clock_.wall());
    for (const auto& id : decision.erased) {
        make_tombstone(id);
        endpoints_.forget(id);
    }
    for (auto& letter : decision.letters) letters_.at(static_cast<std::size_t>(letter.number - 1)) = std::move(letter);
    if (decision.on_hand) shelf_->set_on_hand(stock->sku, *decision.on_hand);
    for (const auto& product : decision.products) shelf_->put(product);
    for (const auto& [subject, at] : decision.times) command_times_.insert_or_assign(subject, at);
    if (decision.endpoint) endpoints_.write(endpoint->endpoint, *decision.endpoint);
    if (decision.other) put_command(*std::move(decision.other));
    if (decision.workers) worker_settings_ = *std::move(decision.workers);
    if (decision.record) put_command(*std::move(decision.record));
    co_return std::move(decision.step);
}

task<Result<orders::LetterPage>> InMemoryOrderStore::letters(orders::LetterQuery query) {
    const std::lock_guard lock(mutex_);
    co_return find_letters(query);
}

task<Result<std::optional<orders::StoredDeadLetter>>> InMemoryOrderStore::letter(std::int64_t number) {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(letters_, number, &orders::StoredDeadLetter::number);
    co_return found != letters_.end() ? std::optional(*found) : std::nullopt;
}

task<Result<std::int64_t>> InMemoryOrderStore::letter_count(orders::LetterSelection selection,
                                                            orders::LetterState state) {
    const std::lock_guard lock(mutex_);
    co_return count_letters(selection, state);
}

task<Result<std::vector<orders::LetterGroup>>> InMemoryOrderStore::letter_groups(orders::LetterState state) {
    const std::lock_guard lock(mutex_);
    std::map<std::pair<std::string, std::string>, orders::LetterGroup> groups;
    for (const auto& stored : letters_) {
        if (stored.state != state) continue;
        const auto& letter = stored.letter;
        auto& group = groups.try_emplace({letter.code, letter.queue}, letter.queue, letter.code).first->second;
        if (group.count++ == 0) {
            group.first = stored.number;
            group.first_at = stored.at;
        }
        group.last = stored.number;
        group.last_at = stored.at;
    }
    std::vector<orders::LetterGroup> sorted;
    sorted.reserve(groups.size());
    for (auto& [key, group] : groups) sorted.push_back(std::move(group));
    std::ranges::sort(sorted, {}, [](const auto& group) { return std::tuple(-group.count, group.code, group.queue); });
    co_return sorted;
}

task<Result<orders::CommandPage>> InMemoryOrderStore::commands(orders::CommandQuery query) {
    const std::lock_guard lock(mutex_);
    auto below = std::numeric_limits<std::int64_t>::max();
    if (query.starting_after) {
        const auto* last = find_command(*query.starting_after);
        if (last == nullptr) co_return fail(ErrorKind::invalid_input, "query.starting_after", "no command has this id");
        below = last->number;
    }
    orders::CommandPage page;
    for (auto command = commands_.rbegin(); command != commands_.rend(); ++command) {
        if (command->number >= below) continue;
        if (page.commands.size() == std::clamp<std::size_t>(query.limit, 1, page_max)) {
            page.has_more = true;
            break;
        }
        page.commands.push_back(*command);
    }
    co_return page;
}

task<Result<orders::WorkerSettings>> InMemoryOrderStore::worker_settings() {
    const std::lock_guard lock(mutex_);
    co_return worker_settings_;
}

task<Result<std::optional<orders::CommandRecord>>> InMemoryOrderStore::command(std::string id) {
    const std::lock_guard lock(mutex_);
    const auto* found = find_command(id);
    co_return found != nullptr ? std::optional(*found) : std::nullopt;
}

task<Result<bool>> InMemoryOrderStore::change_lease(orders::LeaseChange change) {
    const std::lock_guard lock(mutex_);
    co_return endpoints_.change_lease(change);
}

task<Result<void>> InMemoryOrderStore::record(orders::DeliveryProgress progress) {
    const std::lock_guard lock(mutex_);
    // What somebody answered about an order that was erased may say whose it was.
    for (auto& entry : progress.log) {
        if (tombstones_.contains(entry.order)) entry.answer.clear();
    }
    co_return endpoints_.record(progress, clock_.wall());
}

task<Result<std::vector<orders::EventEndpoint>>> InMemoryOrderStore::endpoints() {
    const std::lock_guard lock(mutex_);
    co_return endpoints_.all();
}

task<Result<std::optional<orders::EventEndpoint>>> InMemoryOrderStore::endpoint(std::string id) {
    const std::lock_guard lock(mutex_);
    co_return endpoints_.find(id);
}

task<Result<std::vector<orders::EventLane>>> InMemoryOrderStore::lanes(std::string endpoint) {
    const std::lock_guard lock(mutex_);
    co_return endpoints_.lanes(endpoint);
}

task<Result<orders::DeliveryPage>> InMemoryOrderStore::deliveries(orders::DeliveryQuery query) {
    const std::lock_guard lock(mutex_);
    co_return endpoints_.deliveries(query);
}

task<Result<std::vector<orders::EventDelivery>>> InMemoryOrderStore::deliveries_of(orders::OrderId order) {
    const std::lock_guard lock(mutex_);
    co_return endpoints_.deliveries_of(order);
}

task<Result<orders::FeedPage>> InMemoryOrderStore::feed(orders::EventPosition after, std::uint32_t transitions) {
    const std::lock_guard lock(mutex_);
    co_return endpoints_.feed(after, transitions);
}

task<Result<orders::EventPosition>> InMemoryOrderStore::feed_head() {
    const std::lock_guard lock(mutex_);
    co_return endpoints_.head();
}

}  // namespace orderflow::storage
