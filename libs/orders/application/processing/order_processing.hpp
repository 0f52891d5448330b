// OrderProcessing: the flow of one change from its message to its end.
//
//   apply the change -> step charge: ask the provider, apply SettleCharge  -> finished
//                    -> step refund: ask the provider, apply SettleRefund  -> finished
//                    -> the provider failed: apply RecordFailure           -> retry, or held and finished
//
// A charge in mode preauthorized is verified first: amount, currency, and that nothing else has captured its reference.
//
// The provider is called outside any transaction, after the attempt was recorded. A worker that dies anywhere leaves a
// message and a recorded attempt: the next delivery goes on from there and asks the provider by its key first.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

#include "libs/base/entropy.hpp"
#include "libs/orders/application/processing/effect_watch.hpp"
#include "libs/orders/application/processing/group_applier.hpp"
#include "libs/orders/application/processing/payment_circuit.hpp"
#include "libs/orders/ports/payment_provider.hpp"

namespace orderflow::orders {

struct ProcessingPolicy {
    BackoffPolicy retry;  // of a message whose order failed
    std::chrono::milliseconds payment_timeout =
        std::chrono::seconds(30);  // of one call to the provider; then its outcome is unknown
};

struct Incoming {
    Incoming(Change c, DeadLetter l, bool u) : change(std::move(c)), letter(std::move(l)), urgent(u) {}
    Change change;      // PlaceOrder, CancelOrder, FulfillOrder or PaymentNews
    DeadLetter letter;  // what is stored of the message if it has to be parked; its receive_count counts this delivery
    bool urgent;        // before orders that wait: a command
    EffectWatch* watch = nullptr;  // may be null; outlives the processing
};

// For one loop; everything it is given outlives it, and `payments` also outlives calls that came too late.
class OrderProcessing {
  public:
    OrderProcessing(GroupApplier& applier, PaymentProvider& payments, PaymentCircuit& circuit, LoopParts loop,
                    Entropy& entropy, ProcessingPolicy policy)
        : applier_(applier),
          payments_(payments),
          circuit_(circuit),
          loop_(std::move(loop)),
          entropy_(entropy),
          policy_(policy) {}

    // Errors of the order become a Fate; a store or a provider that is down is waited for. A stop gives the message
    // back at the next wait. `incoming` outlives it: thousands wait at a time, and what is passed by value lies in each
    // frame on the way.
    task<Fate> process(const Incoming& incoming, std::stop_token stop);

  private:
    using Outcome = Result<EffectOutcome>;
    using Asked = std::optional<Outcome>;  // nothing: stopped

    // `watch` may be null. What is passed by reference lies in the frame that awaits.
    task<Result<Step>> apply(Change&& change, Lane lane, EffectWatch* watch);
    task<Asked> ask_provider(const Step& step, const OrderId& order, EffectWatch* watch, std::stop_token stop);
    task<Asked> call_provider(const Step& step, const OrderId& order, bool look_first, EffectWatch* watch,
                              std::stop_token stop);
    task<Asked> refund(const Step& step, const OrderId& order, EffectWatch* watch, std::stop_token stop);
    task<Asked> find_or_charge(const Step& step, const OrderId& order, EffectWatch* watch, std::stop_token stop);
    task<Asked> verify_and_charge(const Step& step, const OrderId& order, EffectWatch* watch, std::stop_token stop);
    task<Asked> charge(ChargeRequest&& request, EffectWatch* watch, std::stop_token stop);
    template <class T>
    task<std::optional<Result<T>>> in_time(task<Result<T>> call, std::stop_token stop);
    task<Fate> park(HoldOrder hold, Lane lane, EffectWatch* watch, std::stop_token stop);
    Fate fate_of_error(const Error& why, std::uint32_t receive_count, const std::stop_token& stop);
    Fate retry(std::uint32_t tries, std::string code);

    GroupApplier& applier_;
    PaymentProvider& payments_;
    PaymentCircuit& circuit_;
    LoopParts loop_;
    Entropy& entropy_;
    ProcessingPolicy policy_;
};

}  // namespace orderflow::orders
