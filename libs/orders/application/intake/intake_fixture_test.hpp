// What the tests of intake share: one loop with virtual time, a queue with faults, a store that answers when told.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/async/completion.hpp"
#include "libs/orders/application/intake/intake_messages.hpp"
#include "libs/orders/application/intake/intake_observer.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/ports/order_ids.hpp"
#include "libs/orders/ports/order_reader.hpp"
#include "libs/testing/in_memory_message_queue.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::orders {

inline LoopParts parts_of(SimLoop& loop) { return {loop, Spawner(loop.context().get_executor()), loop.clock()}; }

// Collects the results of tasks that run beside each other.
template <class T>
task<void> collect(task<T> work, std::vector<T>& out) {
    out.push_back(co_await std::move(work));
}

struct CountingObserver final : IntakeObserver {
    void batch_sent(std::size_t entries, BootClock::duration) override { batches.push_back(entries); }
    void send_retried() override { ++retries; }
    void lookup_skipped() override { ++skipped; }
    std::vector<std::size_t> batches;
    int retries = 0;
    int skipped = 0;
};

// A store that knows some orders, can be down, and can be held: then reads wait for release().
class ScriptedReader final : public OrderReader {
  public:
    std::map<OrderId, Order> orders;
    std::map<OrderId, Tombstone> tombstones;
    bool down = false;
    bool held = false;
    std::vector<std::size_t> reads;  // ids per read of fingerprints

    void release() {
        held = false;
        for (auto& done : std::exchange(waiting_, {})) done.complete(true);
    }

    task<Result<OrderLookup>> find(OrderId id) override {
        co_await turn();
        if (down) co_return unreadable();
        OrderLookup found;
        if (const auto at = orders.find(id); at != orders.end()) found.order = at->second;
        if (const auto at = tombstones.find(id); at != tombstones.end()) found.tombstone = at->second;
        co_return found;
    }
    task<Result<std::vector<std::optional<Fingerprint>>>> fingerprints(std::vector<OrderId> ids) override {
        reads.push_back(ids.size());
        co_await turn();
        if (down) co_return unreadable();
        std::vector<std::optional<Fingerprint>> found;
        for (const auto& id : ids) {
            const auto at = orders.find(id);
            found.push_back(at == orders.end() ? std::nullopt : std::optional(at->second.fingerprint));
        }
        co_return found;
    }
    task<Result<std::vector<OrderEvent>>> events(OrderId, std::int32_t) override { co_return unreadable(); }
    task<Result<std::vector<ShelfItem>>> products() override { co_return unreadable(); }
    task<Result<OrderPage>> list(OrderQuery) override { co_return unreadable(); }
    task<Result<std::vector<LedgerPosting>>> ledger(OrderId) override { co_return unreadable(); }
    task<Result<std::vector<StoredDeadLetter>>> dead_letters(std::int64_t, std::uint32_t) override {
        co_return unreadable();
    }

  private:
    static std::unexpected<Error> unreadable() { return fail(ErrorKind::unavailable, "store.unavailable"); }
    task<bool> turn() {
        co_return co_await await_completion<bool>([this](Completion<bool> done) {
            if (held) {
                waiting_.push_back(std::move(done));
            } else {
                done.complete(true);
            }
        });
    }

    std::vector<Completion<bool>> waiting_;
};

// Ids are legible: the bytes of the key are the body, those of a tenant other than the shop's own before them. An id is
// ours when its tag is zero.
class LegibleIds final : public OrderIds {
  public:
    OrderId derive(std::string_view tenant, std::string_view, std::string_view key) const override {
        if (tenant.empty() || tenant == default_tenant) return of(key);
        return of(std::string(tenant) + "/" + std::string(key));
    }
    OrderId random() const override { return of("r" + std::to_string(++counter_)); }
    bool issued_by_us(const OrderId& id) const override { return id.tag()[0] == std::byte{0}; }
    static OrderId of(std::string_view text) {
        OrderId::Bytes bytes{};
        for (std::size_t i = 0; i < OrderId::body_size && i < text.size(); ++i) {
            bytes[i] = static_cast<std::byte>(text[i]);
        }
        return OrderId(bytes);
    }
    static OrderId foreign() {
        OrderId::Bytes bytes{};
        bytes.back() = std::byte{1};
        bytes[OrderId::body_size] = std::byte{1};
        return OrderId(bytes);
    }

  private:
    mutable int counter_ = 0;
};

// "place <id> <draft>", "cancel <id> <reason> <version>" and "news <effect>".
class PlainMessages final : public IntakeMessages {
  public:
    std::string place(const Placement& placement) const override {
        return "place " + placement.order.to_string() + " " + placement.canonical_draft;
    }
    std::string news(const PaymentNews& news, const std::string&, WallTime,
                     const std::optional<std::string>&) const override {
        return "news " + news.effect.value;
    }
    std::string cancel(const CancelOrder& command, const std::optional<std::string>&) const override {
        return "cancel " + command.id.to_string() + " " + command.reason + " " +
               std::to_string(command.expected_version.value_or(-1));
    }
};

}  // namespace orderflow::orders
