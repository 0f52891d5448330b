// Parts with one defect each, to put between the real ones (see Defect).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/async/spawner.hpp"
#include "libs/orders/ports/message_queue.hpp"
#include "libs/orders/ports/order_ids.hpp"
#include "libs/orders/ports/order_reader.hpp"
#include "libs/orders/ports/payment_provider.hpp"

namespace orderflow::simulation {

// Gives every request an id of its own.
class ForgetfulIds final : public orders::OrderIds {
  public:
    explicit ForgetfulIds(const orders::OrderIds& inner) : inner_(inner) {}
    orders::OrderId derive(std::string_view, std::string_view, std::string_view) const override {
        return inner_.random();
    }
    orders::OrderId random() const override { return inner_.random(); }
    bool issued_by_us(const orders::OrderId& id) const override { return inner_.issued_by_us(id); }

  private:
    const orders::OrderIds& inner_;
};

// A queue whose calls can be answered before they have happened.
class HastyQueue final : public orders::MessageQueue {
  public:
    struct Haste {
        bool sends = false;     // a send is answered at once
        bool removals = false;  // a message is deleted when it is received
    };
    HastyQueue(orders::MessageQueue& inner, Spawner spawn, Haste haste)
        : inner_(inner), spawn_(std::move(spawn)), haste_(haste) {}

    orders::BatchLimits limits() const override { return inner_.limits(); }
    bool tells_age() const override { return inner_.tells_age(); }
    task<Result<std::vector<Result<orders::MessageId>>>> send(std::vector<orders::OutgoingMessage> messages) override {
        if (!haste_.sends) co_return co_await inner_.send(std::move(messages));
        std::vector<Result<orders::MessageId>> answers;
        for (std::size_t i = 0; i < messages.size(); ++i) answers.emplace_back(orders::MessageId{"soon"});
        spawn_(send_later(inner_, std::move(messages)));
        co_return answers;
    }
    task<Result<std::vector<orders::ReceivedMessage>>> receive(orders::ReceiveRequest request) override {
        auto received = co_await inner_.receive(std::move(request));
        if (!haste_.removals || !received || received->empty()) co_return received;
        std::vector<orders::ReceiptHandle> receipts;
        for (const auto& message : *received) receipts.push_back(message.receipt);
        (void)co_await inner_.remove(std::move(receipts));
        co_return received;
    }
    task<Result<std::vector<Result<void>>>> remove(std::vector<orders::ReceiptHandle> receipts) override {
        return inner_.remove(std::move(receipts));
    }
    task<Result<std::vector<Result<void>>>> change_visibility(std::vector<orders::VisibilityChange> changes) override {
        return inner_.change_visibility(std::move(changes));
    }
    task<Result<orders::QueueCounts>> counts() override { return inner_.counts(); }

  private:
    static task<void> send_later(orders::MessageQueue& inner, std::vector<orders::OutgoingMessage> messages) {
        (void)co_await inner.send(std::move(messages));
    }
    orders::MessageQueue& inner_;
    Spawner spawn_;
    Haste haste_;
};

// Takes every call for a new one.
class ForgetfulPayments final : public orders::PaymentProvider {
  public:
    explicit ForgetfulPayments(orders::PaymentProvider& inner) : inner_(inner) {}
    task<Result<orders::EffectOutcome>> charge(orders::ChargeRequest request) override {
        request.key.value += "/" + std::to_string(++calls_);
        return inner_.charge(std::move(request));
    }
    task<Result<std::optional<orders::EffectOutcome>>> find(orders::EffectKey) override { co_return std::nullopt; }
    task<Result<std::optional<orders::Authorization>>> authorization(orders::ChargeRequest request) override {
        return inner_.authorization(std::move(request));
    }
    task<Result<orders::EffectOutcome>> refund(orders::RefundRequest request) override {
        return inner_.refund(std::move(request));
    }

  private:
    orders::PaymentProvider& inner_;
    std::uint64_t calls_ = 0;
};

// Answers a repeated look at an order with what it saw the first time.
class StaleReader final : public orders::OrderReader {
  public:
    explicit StaleReader(orders::OrderReader& inner) : inner_(inner) {}
    task<Result<orders::OrderLookup>> find(orders::OrderId id) override {
        auto found = co_await inner_.find(id);
        if (!found || !found->order) co_return found;
        auto& looks = looks_[id];
        looks.push_back(*found->order);
        if (looks.size() % 2 == 0) found->order = looks.front();
        co_return found;
    }
    task<Result<std::vector<std::optional<orders::Fingerprint>>>> fingerprints(
        std::vector<orders::OrderId> ids) override {
        return inner_.fingerprints(std::move(ids));
    }
    task<Result<std::vector<orders::OrderEvent>>> events(orders::OrderId id, std::int32_t after) override {
        return inner_.events(id, after);
    }
    task<Result<std::vector<orders::ShelfItem>>> products() override { return inner_.products(); }
    task<Result<orders::OrderPage>> list(orders::OrderQuery query) override { return inner_.list(std::move(query)); }
    task<Result<std::vector<orders::LedgerPosting>>> ledger(orders::OrderId id) override { return inner_.ledger(id); }
    task<Result<std::vector<orders::StoredDeadLetter>>> dead_letters(std::int64_t after, std::uint32_t limit) override {
        return inner_.dead_letters(after, limit);
    }

  private:
    orders::OrderReader& inner_;
    std::map<orders::OrderId, std::vector<orders::Order>> looks_;
};

}  // namespace orderflow::simulation
