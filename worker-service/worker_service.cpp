#include "worker-service/worker_service.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "libs/async/sleep.hpp"

namespace orderflow::worker {
namespace {

constexpr auto watch_every = std::chrono::seconds(1);
constexpr auto look_at_drain_every = std::chrono::minutes(1);

}  // namespace

WorkerService::WorkerService(WorkerPorts ports, orders::LoopParts loop, WorkerConfig config)
    : loop_(loop),
      duties_(config.duties),
      own_in_progress_max_(config.orders.in_progress_max),
      observer_(ports.observer),
      store_watch_(*this, ports.observer),
      applier_(ports.store, loop, ports.entropy, config.groups, store_watch_),
      circuit_(loop, config.circuit),
      processing_(applier_, ports.payments, circuit_, loop, ports.entropy, config.processing),
      operating_(ports.operators,
                 [ports](const orders::OutgoingLetter& letter) -> orders::MessageQueue& {
                     return goes_to_commands(letter, commands_queue) ? ports.commands : ports.orders;
                 },
                 loop, ports.entropy, {config.processing.retry, config.operating_turn_max}),
      order_handler_(orders_queue, false, processing_, applier_, config.processing.retry, ports.entropy, ports.tracer),
      urgent_handler_(commands_queue, true, processing_, applier_, config.processing.retry, ports.entropy,
                      ports.tracer),
      instance_handler_(ports.instances, loop.clock),
      command_handler_(commands_queue, urgent_handler_, operating_, instance_handler_, ports.tracer),
      letter_handler_(orders_queue, applier_, config.processing.retry, ports.entropy, ports.tracer),
      orders_(
          orders_queue, ports.orders, order_handler_, [this](std::size_t wanted) { return admit_orders(wanted); }, loop,
          ports.entropy, config.orders, ports.observer),
      commands_(
          commands_queue, ports.commands, command_handler_,
          [this](std::size_t wanted) { return admit_unless_store_is_down(wanted); }, loop, ports.entropy,
          config.commands, ports.observer),
      letters_(
          letters_queue, ports.dead_letters, letter_handler_,
          [this](std::size_t wanted) { return admit_unless_store_is_down(wanted); }, loop, ports.entropy,
          config.dead_letters, ports.observer),
      watch_(loop_.timers) {
    circuit_.on_change([this] {
        if (std::exchange(circuit_was_open_, circuit_.is_open()) != circuit_.is_open()) {
            observer_.payment_circuit(circuit_.is_open());
        }
        orders_.wake();
    });
}

void WorkerService::start() {
    commands_.start();
    if (duties_.orders) orders_.start();
    if (duties_.dead_letters) letters_.start();
    loop_.spawn(watch_loop(watch_.enter()));
}

task<void> WorkerService::watch_loop(Gate::Pass pass) {
    const auto stop = watching_.get_token();
    while (!stop.stop_requested()) {
        beats_.fetch_add(1, std::memory_order_relaxed);
        const auto now = loop_.clock.now();
        for (auto* consumer : {&orders_, &commands_, &letters_}) consumer->watch(now);
        co_await sleep_until(loop_.timers, now + watch_every, stop);
    }
}

WorkerState WorkerService::state() const {
    WorkerState state{.store_is_down = applier_.store_is_down(),
                      .in_progress = in_progress(),
                      .in_progress_max = orders_.in_progress_max()};
    for (const auto* consumer : {&orders_, &commands_, &letters_}) {
        if (consumer->stalled() > 0) state.stalled.push_back(consumer->name());
        if (consumer->is_paused()) state.paused.push_back(consumer->name());
    }
    return state;
}

task<void> WorkerService::stop(Instant deadline) {
    co_await drain(deadline);
    watching_.request_stop();
    co_await watch_.drain_until(Instant::max());
}

task<void> WorkerService::drain(Instant deadline) {
    for (auto* consumer : {&orders_, &commands_, &letters_}) consumer->stop_receiving();
    operating_.stop();
    bool drained = true;
    for (auto* consumer : {&orders_, &commands_, &letters_}) drained &= co_await consumer->drain_until(deadline);
    if (drained) co_return;
    applier_.stop();
    for (auto* consumer : {&orders_, &commands_, &letters_}) consumer->abandon();
    for (auto* consumer : {&orders_, &commands_, &letters_}) {
        while (!co_await consumer->drain_until(loop_.clock.now() + look_at_drain_every)) {
        }
    }
}

void WorkerService::give_back() {
    applier_.refuse_waiting();
    for (auto* consumer : {&orders_, &commands_, &letters_}) consumer->give_back();
}

void WorkerService::direct(const orders::WorkerSettings& settings) {
    for (auto* consumer : {&orders_, &letters_}) {
        settings.paused ? consumer->pause(PausedBy::operators) : consumer->resume(PausedBy::operators);
    }
    const auto most =
        settings.in_progress_max ? static_cast<std::size_t>(*settings.in_progress_max) : own_in_progress_max_;
    if (most != orders_.in_progress_max()) orders_.limit(most);
}

QueueConsumer& WorkerService::consumer_of(WorkerQueue queue) {
    switch (queue) {
        case WorkerQueue::orders: return orders_;
        case WorkerQueue::commands: return commands_;
        case WorkerQueue::dead_letters: return letters_;
    }
    return orders_;
}

std::size_t WorkerService::in_progress() const noexcept {
    return orders_.in_progress() + commands_.in_progress() + letters_.in_progress();
}

// While payments are down a few new orders are let in for each round of probes: were nobody let in, orders that fail by
// themselves would keep the circuit open for everybody.
std::size_t WorkerService::admit_orders(std::size_t wanted) {
    const auto admitted = admit_unless_store_is_down(wanted);
    return circuit_.is_open() ? circuit_.invite(admitted) : admitted;
}

std::size_t WorkerService::admit_unless_store_is_down(std::size_t wanted) const {
    return applier_.store_is_down() ? 0 : wanted;
}

void WorkerService::widen_all(std::size_t by) {
    for (auto* consumer : {&orders_, &commands_, &letters_}) consumer->widen(by);
}

void WorkerService::wake_all() {
    for (auto* consumer : {&orders_, &commands_, &letters_}) consumer->wake();
}

}  // namespace orderflow::worker
