#include "api-service/order_desk.hpp"

#include "api-service/idempotency_key.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/draft_json.hpp"
#include "libs/orders/ports/queue_names.hpp"

namespace orderflow::api {

Result<std::optional<std::string>> OrderDesk::key_of(const net::Request& request) const {
    const auto caller = callers_.caller_of(request);
    return idempotency_key_of(request, caller && caller->key ? tenant_key_min : anonymous_key_min);
}

contract::Amounts OrderDesk::amounts_of(const net::Request& request) const {
    const auto caller = callers_.caller_of(request);
    const bool trusted = caller && caller->key && caller->key->may(Scope::orders_prices);
    return trusted ? contract::Amounts::taken : contract::Amounts::refused;
}

std::string OrderDesk::retry_after(const net::Request& request, const Error& error) const {
    if (error.code() != "overloaded") return retry_after_s;
    return std::to_string(intake_.of(request).admission().room_after().count());
}

task<Result<orders::TakenOrder>> OrderDesk::take(const net::Request& request, orders::OrderDraft draft,
                                                 std::optional<std::string> key) {
    const auto caller = callers_.caller_of(request);
    if (!caller) co_return fail(caller.error());
    auto& intake = intake_.of(request);
    auto canonical = contract::encode_draft(draft);
    const auto fingerprint = contract::fingerprint_of(contract::create_operation, canonical, sha256_);
    const auto answer_by = intake.loop().clock.now() + accept_time_;
    orders::Submission submission(std::string(caller->tenant()), std::move(canonical), fingerprint, answer_by);
    submission.key = std::move(key);
    auto trace = traces_.begin(request, orders::orders_queue);
    submission.traceparent = trace.traceparent();
    auto taken = co_await intake.take_order()(std::move(submission));
    trace.ended(taken, taken ? std::optional(taken->id) : std::nullopt);
    if (taken) {
        metrics_.order_accepted(taken->replayed);
    } else {
        metrics_.order_refused(taken.error().code());
    }
    co_return taken;
}

}  // namespace orderflow::api
