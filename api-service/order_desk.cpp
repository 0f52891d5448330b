#include "api-service/order_desk.hpp"

#include "libs/contract/draft_json.hpp"
#include "libs/observe/trace_context.hpp"
#include "libs/orders/domain/order.hpp"

namespace orderflow::api {

std::string traceparent_of(const net::Request& request, Entropy& entropy) {
    const auto field = request.field("traceparent");
    const auto given =
        field && request.field_count("traceparent") == 1 ? observe::TraceContext::parse(*field) : std::nullopt;
    return given ? given->child(entropy).to_string() : observe::TraceContext::start(entropy).to_string();
}

task<Result<orders::TakenOrder>> OrderDesk::take(const net::Request& request, orders::OrderDraft draft,
                                                 std::optional<std::string> key) {
    auto& intake = intake_.of(request);
    auto canonical = contract::encode_draft(draft);
    const auto fingerprint = contract::fingerprint_of(contract::create_operation, canonical, sha256_);
    const auto answer_by = intake.loop().clock.now() + accept_time_;
    orders::Submission submission(orders::default_tenant, std::move(canonical), fingerprint, answer_by);
    submission.key = std::move(key);
    submission.traceparent = traceparent_of(request, entropy_);
    auto taken = co_await intake.take_order()(std::move(submission));
    if (taken) {
        metrics_.order_accepted(taken->replayed);
    } else {
        metrics_.order_refused(taken.error().code());
    }
    co_return taken;
}

}  // namespace orderflow::api
