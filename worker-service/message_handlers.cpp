#include "worker-service/message_handlers.hpp"

#include <utility>

#include "libs/contract/instance_message.hpp"
#include "libs/contract/operator_message.hpp"
#include "libs/contract/order_message.hpp"
#include "worker-service/message_trace.hpp"
#include "worker-service/worker_observer.hpp"

namespace orderflow::worker {

using orders::DeadLetter;
using orders::Fate;
using orders::ReceivedMessage;

namespace {

// Takes the body along: it is the largest part of a message, and nobody else needs it any more.
DeadLetter letter_of(ReceivedMessage message, std::string queue, const Error& why) {
    DeadLetter letter(std::move(message.id.value), std::move(queue), std::move(message.body), why.code());
    letter.detail = why.detail();
    letter.receive_count = message.receive_count;
    letter.sent_at = message.sent_at;
    return letter;
}

struct AsChange {
    template <class Command>
    orders::Change operator()(Command&& command) const {
        return std::forward<Command>(command);
    }
};

Fate after_parking(const Result<orders::Step>& parked, const DeadLetter& letter, const orders::BackoffPolicy& policy,
                   Entropy& entropy, const std::stop_token& stop) {
    if (!parked && stop.stop_requested()) return Fate(Fate::Kind::give_back);
    Fate fate(parked ? Fate::Kind::remove : Fate::Kind::retry);
    fate.code = parked ? letter.code : parked.error().code();
    fate.dead_lettered = parked.has_value();
    if (!parked) fate.delay = orders::full_jitter(policy, letter.receive_count, entropy);
    return fate;
}

// A dead letter of an order: that order's change, with the order itself when the letter holds it.
orders::Change hold_of(const ReceivedMessage& message, DeadLetter letter) {
    auto decoded = contract::decode_message(message.body);
    if (!decoded) {
        const auto order = contract::subject_of(message.body);
        if (!order) return orders::ParkMessage(std::move(letter));
        return orders::HoldOrder(*order, std::move(letter));
    }
    if (auto* place = std::get_if<orders::PlaceOrder>(&decoded->command)) {
        const auto id = place->id;
        return orders::HoldOrder(id, std::move(letter), std::move(*place));
    }
    // A fulfilment that came twenty times for nothing is no reason to hold an order up.
    const auto order = std::visit([](const auto& command) { return command.id; }, decoded->command);
    if (!std::holds_alternative<orders::CancelOrder>(decoded->command)) {
        return orders::ParkMessage(std::move(letter), order);
    }
    return orders::HoldOrder(order, std::move(letter));
}

// News say that the provider is to be asked, and whoever works on the order asks anyway. News of an order that never
// came are nothing that an operator could mend.
bool is_news(std::string_view body) {
    const auto decoded = contract::decode_message(body);
    return decoded && std::holds_alternative<orders::PaymentNews>(decoded->command);
}

}  // namespace

task<Handled> ChangeHandler::handle(ReceivedMessage message, std::stop_token stop) {
    auto decoded = contract::decode_message(message.body);
    if (!decoded) return park(std::move(message), std::move(decoded).error(), std::move(stop));
    MessageTrace trace(tracer_, queue_, message, decoded->traceparent);
    auto change = std::visit(AsChange{}, std::move(decoded->command));
    auto letter = letter_of(std::move(message), queue_, Error(ErrorKind::internal, "worker.undecided"));
    return work_on({std::move(change), std::move(letter), urgent_}, std::move(trace), std::move(stop));
}

task<Handled> ChangeHandler::work_on(orders::Incoming incoming, MessageTrace trace, std::stop_token stop) {
    incoming.watch = &trace;
    auto fate = co_await processing_.process(incoming, stop);
    co_return trace.finish(std::move(fate), *orders::order_id_of(incoming.change));
}

// Nobody can read it.
task<Handled> ChangeHandler::park(ReceivedMessage message, Error why, std::stop_token stop) {
    MessageTrace trace(tracer_, queue_, message, contract::traceparent_of(message.body));
    const auto letter = letter_of(message, queue_, why);
    const orders::Lane lane{.urgent = urgent_, .alone = message.receive_count >= 2};
    const auto order = contract::subject_of(message.body);
    const auto parked = co_await applier_.apply(orders::ParkMessage(letter, order), lane);
    co_return trace.finish(after_parking(parked, letter, retry_, entropy_, stop), order);
}

task<Handled> CommandHandler::handle(ReceivedMessage message, std::stop_token stop) {
    if (contract::is_instance_message(message.body)) co_return co_await instances_.handle(std::move(message), stop);
    auto command = contract::is_operator_message(message.body)
                       ? contract::decode_operator_message(message.body)
                       : Result<orders::OperatorCommand>(fail(ErrorKind::not_found, "message.other"));
    if (!command) co_return co_await changes_.handle(std::move(message), stop);
    MessageTrace trace(tracer_, queue_, message, contract::traceparent_of(message.body));
    auto fate = co_await operating_.process(*std::move(command), message.receive_count, stop);
    co_return trace.finish(std::move(fate), std::nullopt);
}

bool goes_to_commands(const orders::OutgoingLetter& letter, std::string_view commands) {
    if (contract::is_operator_message(letter.body)) return true;
    const auto message = contract::decode_message(letter.body);
    if (!message) return letter.queue == commands;
    return std::holds_alternative<orders::CancelOrder>(message->command) ||
           std::holds_alternative<orders::FulfillOrder>(message->command);
}

task<Handled> DeadLetterHandler::handle(ReceivedMessage message, std::stop_token stop) {
    if (contract::is_instance_message(message.body)) co_return Handled(Fate(Fate::Kind::remove), std::nullopt);
    const Error why(ErrorKind::internal, "queue.receives_exhausted",
                    "The message was received as often as the queue allows and never finished.");
    MessageTrace trace(tracer_, letters_queue, message, contract::traceparent_of(message.body));
    if (is_news(message.body)) {
        Fate dropped(Fate::Kind::remove);
        dropped.dropped = true;
        dropped.code = why.code();
        co_return trace.finish(std::move(dropped), contract::subject_of(message.body));
    }
    const auto letter = letter_of(message, message.dead_letter_source.value_or(queue_), why);
    auto change = hold_of(message, letter);
    orders::set_trace(change, trace.kept_traceparent());
    const auto* id = orders::letter_order_of(change);
    const auto order = id != nullptr ? std::optional(*id) : std::nullopt;
    // Whatever is in this queue brought a worker to its end before: never in a group with others.
    const orders::Lane lane{.urgent = false, .alone = true};
    auto held = co_await applier_.apply(std::move(change), lane);
    if (!held && order && !stop.stop_requested()) {  // the order itself is in the way: at least the letter is kept
        held = co_await applier_.apply(orders::ParkMessage(letter, order), lane);
    }
    auto fate = after_parking(held, letter, retry_, entropy_, stop);
    if (held && held->settled_now) fate.settled.emplace(held->status, held->accepted_at);
    co_return trace.finish(std::move(fate), order);
}

}  // namespace orderflow::worker
