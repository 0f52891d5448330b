#include "orderflow/audit/installation_snapshot.hpp"

#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>

#include "libs/contract/catalogue.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/payments/payment_ledger.hpp"
#include "libs/storage/postgres/postgres_store_scan.hpp"
#include "libs/storage/sqlite/store_scan.hpp"
#include "orderflow/sample_catalogue.hpp"
#include "queue-service/journal/journal_scan.hpp"

namespace orderflow {
namespace {

class IntoSnapshot final : public storage::StoreVisitor {
  public:
    // `first`: what the shop had before its first order. Both outlive it.
    IntoSnapshot(const std::vector<orders::ShelfItem>& first, audit::Snapshot& into) : into_(into) {
        for (const auto& item : first) starts_.emplace(item.product.sku.value(), item.stock.on_hand);
    }

    void order(const orders::Order& order, std::span<const orders::OrderEvent> events,
               std::span<const orders::LedgerPosting> postings) override {
        into_.orders.push_back(audit::stored_order(order, events, postings));
    }

    void tombstone(const orders::OrderId& id) override { into_.tombstones.push_back(id); }

    // What an operator corrected or took up from a file is not what the shop had before its first order.
    void command(const orders::CommandRecord& record) override {
        if (record.action.starts_with("stock.") || record.action.starts_with("products.")) starts_.clear();
    }

    void product(const orders::ShelfItem& item) override {
        audit::StoredProduct product;
        product.sku = item.product.sku.value();
        if (const auto start = starts_.find(product.sku); start != starts_.end()) product.start = start->second;
        product.on_hand = item.stock.on_hand;
        product.reserved = item.stock.reserved;
        into_.products.push_back(std::move(product));
    }

    void dead_letter(const orders::StoredDeadLetter& letter) override {
        if (letter.order) into_.dead_letter_orders.push_back(*letter.order);
    }

  private:
    audit::Snapshot& into_;
    std::unordered_map<std::string, std::int64_t> starts_;
};

Result<void> scan(const StoreLocation& store, const Clock& clock, storage::StoreVisitor& visitor) {
    if (!store.is_postgres()) return storage::scan_store(store.file.string(), visitor);
    auto options = store.connect_options();
    if (auto alone = storage::expect_no_program(options, clock); !alone) return alone;
    return storage::scan_postgres_store(options, clock, visitor);
}

Result<void> read_store(const StoreLocation& store, const Clock& clock, audit::Snapshot& into) {
    const auto catalogue = contract::read_catalogue(sample_catalogue_json());
    if (!catalogue) return fail(catalogue.error());
    IntoSnapshot visitor(*catalogue, into);
    return scan(store, clock, visitor);
}

// As the worker would read it: what it refuses carries no order.
std::optional<audit::QueuedMessage> queued_message(std::string_view body) {
    using Kind = audit::QueuedMessage::Kind;
    const auto order = contract::subject_of(body);
    if (!order) return std::nullopt;
    const auto message = contract::decode_message(body);
    if (!message) return audit::QueuedMessage{Kind::other, *order};
    if (std::holds_alternative<orders::PlaceOrder>(message->command)) return audit::QueuedMessage{Kind::place, *order};
    const bool cancels = std::holds_alternative<orders::CancelOrder>(message->command);
    return audit::QueuedMessage{cancels ? Kind::cancel : Kind::other, *order};
}

Result<void> read_queues(const std::string& path, WallTime now, audit::Snapshot& into) {
    std::unordered_map<std::size_t, std::vector<audit::QueuedMessage>> about;
    auto queues = queue::scan_journal(path, now, [&about](std::size_t queue, const queue::Message& message) {
        if (const auto read = queued_message(message.body)) about[queue].push_back(*read);
    });
    if (!queues) return fail(std::move(queues).error());
    for (std::size_t i = 0; i < queues->size(); ++i) {
        auto& queue = (*queues)[i];
        into.queues.push_back({.name = std::move(queue.name.name),
                               .counter = queue.counter,
                               .visible = queue.visible,
                               .in_flight = queue.in_flight,
                               .delayed = queue.delayed,
                               .messages = std::move(about[i])});
    }
    return {};
}

audit::ProviderEffect stored_effect(const payments::ProviderEffect& effect) {
    using Kind = audit::ProviderEffect::Kind;
    return {.key = effect.key.value,
            .kind = effect.kind == payments::EffectKind::charge ? Kind::charge : Kind::refund,
            .order = effect.order,
            .amount = effect.amount.minor,
            .currency = std::string(effect.amount.currency.code()),
            .state = effect.state};
}

Result<void> read_payments(const std::string& path, audit::Snapshot& into) {
    return payments::scan_ledger(
        path, [&into](const payments::ProviderEffect& effect) { into.provider.push_back(stored_effect(effect)); });
}

}  // namespace

Result<audit::Snapshot> read_snapshot(const DataFiles& files, const Clock& clock) {
    audit::Snapshot snapshot;
    const auto named = [](const Error& error, const std::string& place) {
        return fail(error.kind(), error.code(), place + ": " + error.detail());
    };
    if (const auto read = read_store(files.store, clock, snapshot); !read) {
        return named(read.error(), files.store.is_postgres() ? files.store.description() : files.store.file.string());
    }
    if (const auto read = read_queues(files.journal.string(), clock.wall(), snapshot); !read) {
        return named(read.error(), files.journal.string());
    }
    snapshot.provider_is_known = files.payments.has_value();
    if (!snapshot.provider_is_known) return snapshot;
    if (const auto read = read_payments(files.payments->string(), snapshot); !read) {
        return named(read.error(), files.payments->string());
    }
    return snapshot;
}

}  // namespace orderflow
