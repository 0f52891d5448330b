#include "libs/orders/application/intake/take_order.hpp"

#include "libs/base/safeguard.hpp"
#include "libs/orders/application/intake/message_id.hpp"

namespace orderflow::orders {
namespace {

// Part of the derivation of ids: the same for every way to place an order, for ever.
constexpr std::string_view create_operation = "orders.create";

bool is_refused(KeyUse use) { return use == KeyUse::reused && safeguard(Safeguard::key_reuse); }

std::unexpected<Error> key_reused() {
    return fail(ErrorKind::invalid_input, "idempotency-key-reused",
                "This Idempotency-Key was used with another order.");
}

HandOver outcome_of(const Result<void>& sent) {
    if (sent) return HandOver::done;
    return sent.error().code() == "outcome-unknown" ? HandOver::unknown : HandOver::refused;
}

}  // namespace

task<Result<TakenOrder>> TakeOrder::operator()(Submission submission) {
    const bool keyed = submission.key.has_value();
    const bool derived = keyed && safeguard(Safeguard::derived_id);
    const auto id =
        derived ? parts_.ids.derive(submission.tenant, create_operation, *submission.key) : parts_.ids.random();
    const auto fingerprint = submission.fingerprint;
    if (keyed) {
        const auto use = co_await known_use(id, fingerprint);
        if (is_refused(use)) co_return key_reused();
        if (use == KeyUse::replay) co_return TakenOrder(id, fingerprint, true);
    }
    auto admitted = parts_.admission.admit(parts_.orders_queue.waiting_messages(), parts_.orders_queue.waiting_bytes(),
                                           submission.tenant);
    if (!admitted) co_return fail(std::move(admitted).error());
    if (keyed) {
        // Again, as others ran while the store was asked.
        const auto use = parts_.recent.begin(id, fingerprint);
        if (is_refused(use)) co_return key_reused();
        if (use == KeyUse::replay) co_return TakenOrder(id, fingerprint, true);
    }
    const auto tenant = submission.tenant;
    auto sent = co_await hand_over(id, std::move(submission));
    if (keyed) parts_.recent.end(id, fingerprint, outcome_of(sent));
    if (!sent) co_return fail(std::move(sent).error());
    parts_.admission.accepted(tenant);
    co_return TakenOrder(id, fingerprint, false);
}

task<KeyUse> TakeOrder::known_use(OrderId id, Fingerprint fingerprint) {
    const auto here = parts_.recent.check(id, fingerprint);
    if (here != KeyUse::fresh) co_return here;
    const auto stored = co_await parts_.lookup.find(id);
    const auto use = judge_key(stored, fingerprint);
    if (use == KeyUse::replay) parts_.recent.remember(id, fingerprint);
    co_return use;
}

task<Result<void>> TakeOrder::hand_over(OrderId id, Submission submission) {
    const auto answer_by = submission.answer_by;
    co_return co_await parts_.orders_queue.send(
        parts_.messages.place({.message_id = new_message_id(parts_.entropy),
                               .order = id,
                               .fingerprint = submission.fingerprint,
                               .tenant = std::move(submission.tenant),
                               .accepted_at = parts_.clock.wall(),
                               .canonical_draft = std::move(submission.canonical_draft),
                               .traceparent = std::move(submission.traceparent)}),
        answer_by);
}

}  // namespace orderflow::orders
