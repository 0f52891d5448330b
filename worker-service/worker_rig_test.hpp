// WorkerRig: a worker on virtual time with a queue, a store and a payment provider in memory, all of which can fail,
// and a switch that stops one worker dead at its n-th call so that another goes on where it was.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libs/contract/draft_json.hpp"
#include "libs/contract/operator_message.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "libs/storage/memory/in_memory_instances.hpp"
#include "libs/storage/memory/in_memory_order_store.hpp"
#include "libs/testing/in_memory_message_queue.hpp"
#include "libs/testing/in_memory_payment_provider.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"
#include "worker-service/observed_worker.hpp"
#include "worker-service/worker_service.hpp"

namespace orderflow::worker {

// Where a worker dies: at the n-th boundary of its calls to the outside. Every call has two, before its effect and
// after it. The calls of a dead worker have no effect and wait until thaw(), which lets it end for the test's own sake.
class DeathSwitch {
  public:
    void arm(std::uint64_t boundary) { at_ = boundary; }
    void pull() { dead_ = true; }
    bool dead() const { return dead_; }
    std::uint64_t passed() const { return passed_; }

    // False: the call has to end without effect.
    task<bool> boundary() {
        if (++passed_ == at_) dead_ = true;
        if (!dead_) co_return true;
        if (!thawed_) {
            (void)co_await await_completion<int>([this](Completion<int> wait) { frozen_.push_back(std::move(wait)); });
        }
        co_return false;
    }
    void thaw() {
        dead_ = thawed_ = true;
        for (auto& waiter : std::exchange(frozen_, {})) waiter.complete(0);
    }

  private:
    std::uint64_t at_ = 0;
    std::uint64_t passed_ = 0;
    bool dead_ = false;
    bool thawed_ = false;
    std::vector<Completion<int>> frozen_;
};

template <class T>
task<T> mortal(DeathSwitch& life, task<T> call) {  // life outlives the call
    if (!co_await life.boundary()) co_return fail(ErrorKind::unavailable, "test.dead");
    auto answer = co_await std::move(call);
    if (!co_await life.boundary()) co_return fail(ErrorKind::unavailable, "test.dead");
    co_return answer;
}

class MortalQueue final : public orders::MessageQueue {
  public:
    MortalQueue(DeathSwitch& life, orders::MessageQueue& inner) : life_(life), inner_(inner) {}
    orders::BatchLimits limits() const override { return inner_.limits(); }
    task<Result<std::vector<Result<orders::MessageId>>>> send(std::vector<orders::OutgoingMessage> messages) override {
        return mortal(life_, inner_.send(std::move(messages)));
    }
    task<Result<std::vector<orders::ReceivedMessage>>> receive(orders::ReceiveRequest request) override {
        return mortal(life_, inner_.receive(std::move(request)));
    }
    task<Result<std::vector<Result<void>>>> remove(std::vector<orders::ReceiptHandle> receipts) override {
        removals += receipts.size();
        return mortal(life_, inner_.remove(std::move(receipts)));
    }
    task<Result<std::vector<Result<void>>>> change_visibility(std::vector<orders::VisibilityChange> changes) override {
        return mortal(life_, inner_.change_visibility(std::move(changes)));
    }
    task<Result<orders::QueueCounts>> counts() override { return mortal(life_, inner_.counts()); }

    std::size_t removals = 0;  // receipts that were asked to be removed

  private:
    DeathSwitch& life_;
    orders::MessageQueue& inner_;
};

class MortalStore final : public orders::OrderStore {
  public:
    MortalStore(DeathSwitch& life, orders::OrderStore& inner) : life_(life), inner_(inner) {}
    task<Result<std::vector<Result<orders::Step>>>> apply(std::vector<orders::Change> group) override {
        return mortal(life_, inner_.apply(std::move(group)));
    }

  private:
    DeathSwitch& life_;
    orders::OrderStore& inner_;
};

class MortalOperators final : public orders::OperatorStore {
  public:
    MortalOperators(DeathSwitch& life, orders::OperatorStore& inner) : life_(life), inner_(inner) {}
    task<Result<orders::OperatorStep>> operate(orders::OperatorChange change) override {
        return mortal(life_, inner_.operate(std::move(change)));
    }

  private:
    DeathSwitch& life_;
    orders::OperatorStore& inner_;
};

class MortalPayments final : public orders::PaymentProvider {
  public:
    MortalPayments(DeathSwitch& life, orders::PaymentProvider& inner) : life_(life), inner_(inner) {}
    task<Result<orders::EffectOutcome>> charge(orders::ChargeRequest request) override {
        return mortal(life_, inner_.charge(std::move(request)));
    }
    task<Result<std::optional<orders::EffectOutcome>>> find(orders::EffectKey key) override {
        return mortal(life_, inner_.find(std::move(key)));
    }
    task<Result<std::optional<orders::Authorization>>> authorization(orders::ChargeRequest request) override {
        return mortal(life_, inner_.authorization(std::move(request)));
    }
    task<Result<orders::EffectOutcome>> refund(orders::RefundRequest request) override {
        return mortal(life_, inner_.refund(std::move(request)));
    }

  private:
    DeathSwitch& life_;
    orders::PaymentProvider& inner_;
};

// The store behind a switch; tells how large its groups were and what was in them.
class SwitchedStore final : public orders::OrderStore {
  public:
    explicit SwitchedStore(orders::OrderStore& inner) : inner_(inner) {}
    task<Result<std::vector<Result<orders::Step>>>> apply(std::vector<orders::Change> group) override {
        ++applies;
        if (down) co_return fail(ErrorKind::unavailable, "store.down");
        for (const auto& change : group) {
            const auto* id = orders::order_id_of(change);
            if (id != nullptr && group_poison == *id) co_return fail(ErrorKind::conflict, "store.poisoned");
        }
        groups.push_back(group);
        auto steps = co_await inner_.apply(std::move(group));
        if (lose_answers > 0) {
            --lose_answers;
            co_return fail(ErrorKind::unavailable, "store.outcome_unknown");
        }
        co_return steps;
    }

    bool down = false;
    int lose_answers = 0;                         // the next groups are written and not answered
    std::optional<orders::OrderId> group_poison;  // a change of this order fails its whole group
    std::uint64_t applies = 0;
    std::vector<std::vector<orders::Change>> groups;  // that were written

  private:
    orders::OrderStore& inner_;
};

class SwitchedOperators final : public orders::OperatorStore {
  public:
    explicit SwitchedOperators(orders::OperatorStore& inner) : inner_(inner) {}
    task<Result<orders::OperatorStep>> operate(orders::OperatorChange change) override {
        if (down) co_return fail(ErrorKind::unavailable, "store.down");
        co_return co_await inner_.operate(std::move(change));
    }

    bool down = false;

  private:
    orders::OperatorStore& inner_;
};

class KeptLines final : public observe::LogSink {
  public:
    void write(observe::LogLevel, std::string_view line) override { lines += std::string(line) + "\n"; }
    std::string lines;
};

inline std::vector<orders::ShelfItem> catalogue() {
    std::vector<orders::ShelfItem> items;
    for (const auto& [sku, item] : orders::samples::SampleShelf().items()) items.push_back(item);
    items.push_back([] {
        orders::Product product(orders::samples::sku("book"));
        product.name = "book";
        product.prices = {orders::Money(1000, orders::samples::eur())};
        return orders::ShelfItem(product, orders::Stock{1'000'000, 0});
    }());
    return items;
}

class WorkerRig {
  public:
    // One worker with its own switch between it and the world.
    struct Process {
        Process(WorkerRig& rig, const WorkerConfig& config)
            : orders(life, rig.orders),
              commands(life, rig.commands),
              letters(life, rig.letters),
              store(life, rig.store),
              operators(life, rig.operators),
              payments(life, rig.payments),
              service(WorkerPorts{orders, commands, letters, store, operators, rig.instances, payments, rig.entropy,
                                  rig.observer, rig.tracer},
                      rig.parts(), config) {}
        DeathSwitch life;
        MortalQueue orders;
        MortalQueue commands;
        MortalQueue letters;
        MortalStore store;
        MortalOperators operators;
        MortalPayments payments;
        WorkerService service;
    };

    explicit WorkerRig(std::uint64_t seed = 1) : entropy(seed) {}
    WorkerRig(const WorkerRig&) = delete;
    WorkerRig& operator=(const WorkerRig&) = delete;
    ~WorkerRig() {
        for (auto& process : processes) {
            process->life.thaw();
            loop.run(process->service.stop(loop.clock().now()));
        }
    }

    Process& make_worker(const WorkerConfig& config = {}) {
        processes.push_back(std::make_unique<Process>(*this, config));
        return *processes.back();
    }
    Process& start_worker(const WorkerConfig& config = {}) {
        auto& process = make_worker(config);
        process.service.start();
        return process;
    }
    orders::LoopParts parts() { return {loop, Spawner(loop.context().get_executor()), loop.clock()}; }

    static std::string place_body(const orders::OrderId& id, const orders::OrderDraft& draft,
                                  orders::Fingerprint fingerprint = orders::samples::fingerprint(1)) {
        return contract::encode_place(
            contract::PlaceHead{"evt_" + id.to_string(), id, fingerprint, orders::samples::at(0), std::nullopt},
            contract::encode_draft(draft));
    }
    static std::string cancel_body(const orders::OrderId& id, const std::string& command = "cmd_1") {
        return contract::encode_cancel({id, command, "customer", orders::samples::at(1)}, std::nullopt);
    }

    void send(InMemoryMessageQueue& queue, std::vector<std::string> bodies) {
        std::vector<orders::OutgoingMessage> messages;
        for (auto& body : bodies) {
            messages.emplace_back(std::move(body));
            if (messages.size() < queue.limits().entries) continue;
            (void)loop.run(queue.send(std::exchange(messages, {})));
        }
        if (!messages.empty()) (void)loop.run(queue.send(std::move(messages)));
    }
    void place(std::uint32_t number, const orders::OrderDraft& draft = orders::samples::draft({{"book", 1}})) {
        send(orders, {place_body(orders::samples::order_id(number), draft)});
    }
    void place(std::uint32_t number, const char* token) {
        place(number, orders::samples::draft({{"book", 1}}, orders::samples::token(token)));
    }
    void cancel(std::uint32_t number, const std::string& command = "cmd_1") {
        send(commands, {cancel_body(orders::samples::order_id(number), command)});
    }

    // What an operator asks for, under a command id.
    void command(const std::string& id, orders::OperatorCommand::Wish wish) {
        orders::OperatorCommand asked(id, std::move(wish), orders::samples::at(2));
        asked.by = "kim";
        send(commands, {contract::encode_operator_command(asked, std::nullopt)});
    }
    void redrive(const std::string& id, std::vector<std::int64_t> numbers) {
        command(id, orders::ActOnLetters{orders::LetterAction::redrive, {std::move(numbers), {}}, 0});
    }
    orders::CommandRecord record(const std::string& id) { return loop.run(memory.command(id)).value().value(); }

    std::optional<orders::Order> find(std::uint32_t number) {
        return loop.run(memory.find(orders::samples::order_id(number))).value().order;
    }
    orders::OrderStatus status(std::uint32_t number) {
        const auto order = find(number);
        return order ? order->status : orders::OrderStatus::accepted;
    }
    std::vector<orders::StoredDeadLetter> dead_letters() { return loop.run(memory.dead_letters(0, 1000)).value(); }
    std::uint64_t waiting(InMemoryMessageQueue& queue) {
        const auto counts = loop.run(queue.counts()).value();
        return counts.visible + counts.in_flight + counts.delayed;
    }
    std::uint64_t visible(InMemoryMessageQueue& queue) { return loop.run(queue.counts()).value().visible; }

    // I3 to I5 across the store and the provider's own memory: one effect per order, and the two agree.
    void check_books() {
        std::map<orders::OrderId, std::int64_t> provider;
        for (const auto& [key, effect] : payments.effects()) {
            if (effect.outcome.state == orders::EffectState::captured) provider[effect.order] += effect.amount;
            if (effect.outcome.state == orders::EffectState::refunded) provider[effect.order] -= effect.amount;
        }
        std::map<orders::Sku, std::int64_t> held;
        orders::OrderQuery query;
        query.limit = 100;
        for (;;) {
            const auto page = loop.run(memory.list(query)).value();
            for (const auto& order : page.orders) {
                const bool paid = order.status == orders::OrderStatus::confirmed &&
                                  order.payment_status == orders::PaymentStatus::captured;
                EXPECT_EQ(provider[order.id], paid ? order.total : 0) << order.id.to_string();
                std::int64_t balance = 0;
                for (const auto& posting : loop.run(memory.ledger(order.id)).value()) {
                    balance += posting.debit == orders::provider_account ? posting.amount : -posting.amount;
                }
                EXPECT_EQ(balance, provider[order.id]) << order.id.to_string();
                if (!order.holds_stock) continue;
                for (const auto& line : order.draft->lines) held[line.sku] += line.quantity;
            }
            if (!page.has_more) break;
            query.starting_after = page.orders.back().id;
        }
        for (const auto& item : loop.run(memory.products()).value()) {
            EXPECT_EQ(item.stock.reserved, held[item.product.sku]) << item.product.sku.value();
            EXPECT_GE(item.stock.available(), 0);
        }
    }

    SimLoop loop;
    SeededEntropy entropy;
    orders::TablePricing pricing = orders::samples::plain_pricing();
    storage::InMemoryOrderStore memory{loop.clock(), pricing, catalogue()};
    storage::InMemoryInstances instances;
    SwitchedStore store{memory};
    SwitchedOperators operators{memory};
    InMemoryPaymentProvider payments{loop, loop.clock()};
    InMemoryMessageQueue letters{loop, loop.clock(), settings("orders-dlq", std::nullopt)};
    InMemoryMessageQueue orders{loop, loop.clock(), settings("orders", 20), &letters};
    InMemoryMessageQueue commands{loop, loop.clock(), settings("orders-commands", 20), &letters};
    KeptLines log_lines;
    observe::Logger log{loop.clock(), log_lines, observe::LogLevel::debug};
    observe::Metrics metrics;
    ObservedWorker observer{metrics, log, loop.clock()};
    observe::Tracer* tracer = nullptr;  // of workers that start later
    std::vector<std::unique_ptr<Process>> processes;

  private:
    static InMemoryMessageQueue::Settings settings(const char* name, std::optional<std::uint32_t> receives_max) {
        InMemoryMessageQueue::Settings result;
        result.name = name;
        result.max_receive_count = receives_max;
        return result;
    }
};

}  // namespace orderflow::worker
