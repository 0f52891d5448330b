// WorkerService: takes orders, commands and dead letters from their queues to the order store.
//
//   queue -> QueueConsumer -> handler -> OrderProcessing -> GroupApplier -> OrderStore
//                                    |         \-> PaymentCircuit -> PaymentProvider
//                                    |-> InstanceStore (what APIs say of themselves)
//                                    \-> OperatorProcessing -> OperatorStore, queues (dead letters sent again)
//
// Promises: a message is deleted only after the transaction that holds its change was committed; whatever is
// redelivered, doubled or reordered has its effects once; while the store or the payment provider is down nothing is
// dead-lettered: receiving stops and the leases of what is in progress are held. Commands have a queue, receivers and a
// capacity of their own and go first into each transaction.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "libs/async/gate.hpp"
#include "libs/base/entropy.hpp"
#include "libs/instances/instance_store.hpp"
#include "libs/observe/tracer.hpp"
#include "libs/orders/domain/worker_settings.hpp"
#include "libs/orders/ports/message_queue.hpp"
#include "libs/orders/ports/operator_store.hpp"
#include "libs/orders/ports/order_store.hpp"
#include "libs/orders/ports/payment_provider.hpp"
#include "worker-service/instance_handler.hpp"
#include "worker-service/message_handlers.hpp"
#include "worker-service/queue_consumer.hpp"
#include "worker-service/worker_config.hpp"
#include "worker-service/worker_observer.hpp"

namespace orderflow::worker {

struct WorkerPorts {
    orders::MessageQueue& orders;
    orders::MessageQueue& commands;
    orders::MessageQueue& dead_letters;
    orders::OrderStore& store;
    orders::OperatorStore& operators;
    instances::InstanceStore& instances;
    orders::PaymentProvider& payments;
    Entropy& entropy;
    WorkerObserver& observer;
    observe::Tracer* tracer = nullptr;  // none: no traces
};

// What the worker says of itself, for probes.
struct WorkerState {
    bool store_is_down = false;
    std::vector<std::string> stalled{};  // queues with receives that outlived every deadline
    std::vector<std::string> paused{};
    std::size_t in_progress = 0;      // messages, all queues
    std::size_t in_progress_max = 0;  // of orders
};

enum class WorkerQueue : std::uint8_t { orders, commands, dead_letters };

// Lives on one loop: every call is made there. The ports, and what `loop` refers to, outlive it.
class WorkerService {
  public:
    WorkerService(WorkerPorts ports, orders::LoopParts loop, WorkerConfig config);
    // After stop() came to its end, or when the loop does not run any more.
    ~WorkerService() = default;
    WorkerService(const WorkerService&) = delete;
    WorkerService& operator=(const WorkerService&) = delete;

    // Begins to receive. Once.
    void start();

    // Cancels the outstanding long polls, finishes the work in progress, and at `deadline` gives back what is not
    // finished. Returns when nothing of the worker runs any more; a call into a port that is under way at the deadline
    // is waited for, except one to the payment provider. Idempotent; further calls wait too.
    task<void> stop(Instant deadline);

    // What is in progress gives its message back at its next wait; what is received later is worked on as ever.
    void give_back();
    // Receives at once where there is room: a queue that had nothing for a while has something.
    void look_again() { wake_all(); }

    // Receives no more of this queue until it is resumed (QueueConsumer::pause()). Idempotent, both.
    void pause(WorkerQueue queue) { consumer_of(queue).pause(); }
    void resume(WorkerQueue queue) { consumer_of(queue).resume(); }

    // What operators told all workers. Pauses orders and dead letters, never commands: resume is one. Beside pause():
    // both have to want that it goes on.
    void direct(const orders::WorkerSettings& settings);

    std::size_t in_progress() const noexcept;
    WorkerState state() const;
    // Rises once a second while the loop turns. Any thread.
    std::uint64_t beats() const noexcept { return beats_.load(std::memory_order_relaxed); }
    bool store_is_down() const noexcept { return applier_.store_is_down(); }
    bool payments_are_down() const noexcept { return circuit_.is_open(); }

  private:
    task<void> watch_loop(Gate::Pass pass);
    task<void> drain(Instant deadline);
    std::size_t admit_orders(std::size_t wanted);
    std::size_t admit_unless_store_is_down(std::size_t wanted) const;
    QueueConsumer& consumer_of(WorkerQueue queue);
    void wake_all();
    void widen_all(std::size_t by);

    // Passes the applier's news on and wakes the consumers that wait for the store.
    class StoreWatch final : public orders::GroupObserver {
      public:
        StoreWatch(WorkerService& worker, WorkerObserver& observer) : worker_(worker), observer_(observer) {}
        void group_applied(std::size_t changes, BootClock::duration took) override {
            observer_.group_applied(changes, took);
            worker_.widen_all(changes);
        }
        void store_down(const Error& why) override { observer_.store_down(why); }
        void store_up() override {
            observer_.store_up();
            worker_.wake_all();
        }

      private:
        WorkerService& worker_;
        WorkerObserver& observer_;
    };

    orders::LoopParts loop_;
    WorkerDuties duties_;
    std::size_t own_in_progress_max_;
    WorkerObserver& observer_;
    StoreWatch store_watch_;
    orders::GroupApplier applier_;
    orders::PaymentCircuit circuit_;
    bool circuit_was_open_ = false;
    orders::OrderProcessing processing_;
    orders::OperatorProcessing operating_;
    ChangeHandler order_handler_;
    ChangeHandler urgent_handler_;
    InstanceHandler instance_handler_;
    CommandHandler command_handler_;
    DeadLetterHandler letter_handler_;
    QueueConsumer orders_;
    QueueConsumer commands_;
    QueueConsumer letters_;
    std::atomic<std::uint64_t> beats_ = 0;
    std::stop_source watching_;
    Gate watch_;
};

}  // namespace orderflow::worker
