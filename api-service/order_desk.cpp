#include "api-service/order_desk.hpp"

#include "libs/contract/draft_json.hpp"
#include "libs/orders/domain/order.hpp"
#include "libs/orders/ports/queue_names.hpp"

namespace orderflow::api {

task<Result<orders::TakenOrder>> OrderDesk::take(const net::Request& request, orders::OrderDraft draft,
                                                 std::optional<std::string> key) {
    auto& intake = intake_.of(request);
    auto canonical = contract::encode_draft(draft);
    const auto fingerprint = contract::fingerprint_of(contract::create_operation, canonical, sha256_);
    const auto answer_by = intake.loop().clock.now() + accept_time_;
    orders::Submission submission(orders::default_tenant, std::move(canonical), fingerprint, answer_by);
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
