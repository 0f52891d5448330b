#include "libs/orders/application/processing/operator_processing.hpp"

#include <chrono>

#include "libs/async/sleep.hpp"

namespace orderflow::orders {

task<Fate> OperatorProcessing::process(OperatorCommand command, std::uint32_t receive_count, std::stop_token stop) {
    std::stop_source either;
    const auto end = [&either] { either.request_stop(); };
    const std::stop_callback on_own(std::move(stop), end);
    const std::stop_callback on_all(stopping_.get_token(), end);
    co_return co_await carry_out(std::move(command), receive_count, either.get_token());
}

task<Fate> OperatorProcessing::carry_out(OperatorCommand command, std::uint32_t receive_count, std::stop_token stop) {
    const auto until = loop_.clock.now() + policy_.turn_max;
    for (;;) {
        if (stop.stop_requested() || loop_.clock.now() >= until) co_return Fate(Fate::Kind::give_back);
        auto step = co_await store_.operate(command);
        if (!step) co_return retry(step.error().code(), receive_count);
        if (step->kind == OperatorStep::Kind::finished) co_return Fate(Fate::Kind::remove);
        if (step->kind == OperatorStep::Kind::again) continue;
        const auto letters = step->letters.size();
        auto sent = co_await send(std::move(step->letters));
        const auto failure = std::move(sent.failure);
        LettersSent report;
        report.command_id = command.id;
        report.letters = std::move(sent.letters);
        report.through = failure.empty() ? step->through : 0;
        report.refusal = std::move(sent.refusal);
        const auto noted = co_await store_.operate(std::move(report));
        if (!noted) co_return retry(noted.error().code(), receive_count);
        if (!failure.empty()) co_return retry(failure, receive_count);
        co_await keep_rate(command, letters, stop);
    }
}

task<void> OperatorProcessing::keep_rate(const OperatorCommand& command, std::size_t letters, std::stop_token stop) {
    const auto* act = std::get_if<ActOnLetters>(&command.wish);
    if (act == nullptr || act->per_second <= 0) co_return;
    const auto wait =
        std::chrono::milliseconds(std::chrono::seconds(1)) * static_cast<std::int64_t>(letters) / act->per_second;
    co_await sleep_until(loop_.timers, loop_.clock.now() + wait, std::move(stop));
}

task<OperatorProcessing::Sent> OperatorProcessing::send(std::vector<OutgoingLetter> letters) {
    Sent sent;
    std::vector<OutgoingLetter> batch;
    MessageQueue* queue = nullptr;
    std::size_t bytes = 0;
    for (auto& letter : letters) {
        auto& goes_to = queue_of_(letter);
        const auto limits = goes_to.limits();
        const bool fits =
            &goes_to == queue && batch.size() < limits.entries && bytes + letter.body.size() <= limits.bytes;
        if (!fits && !batch.empty()) {
            co_await send_batch(*queue, std::exchange(batch, {}), sent);
            bytes = 0;
        }
        queue = &goes_to;
        bytes += letter.body.size();
        batch.push_back(std::move(letter));
    }
    if (!batch.empty()) co_await send_batch(*queue, std::move(batch), sent);
    co_return sent;
}

task<void> OperatorProcessing::send_batch(MessageQueue& queue, std::vector<OutgoingLetter> letters, Sent& sent) {
    std::vector<OutgoingMessage> messages;
    messages.reserve(letters.size());
    for (auto& letter : letters) messages.emplace_back(std::move(letter.body));
    const auto answers = co_await queue.send(std::move(messages));
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const auto* error = !answers ? &answers.error() : !(*answers)[i] ? &(*answers)[i].error() : nullptr;
        if (error == nullptr) {
            sent.letters.emplace_back(letters[i].number, std::move(letters[i].changed_by));
        } else if (reaction_to(error->kind()) == Reaction::park) {
            sent.refusal = error->code();
        } else {
            sent.failure = error->code();
        }
    }
}

Fate OperatorProcessing::retry(std::string code, std::uint32_t receive_count) {
    Fate fate(Fate::Kind::retry);
    fate.delay = full_jitter(policy_.retry, receive_count > 0 ? receive_count - 1 : 0, entropy_);
    fate.code = std::move(code);
    return fate;
}

}  // namespace orderflow::orders
