#include "libs/orders/application/intake/report_payment.hpp"

#include <utility>

#include "libs/orders/application/intake/message_id.hpp"

namespace orderflow::orders {

task<Result<void>> ReportPayment::operator()(PaymentNews news, Instant answer_by,
                                             std::optional<std::string> traceparent) {
    if (!parts_.ids.issued_by_us(news.id)) {
        co_return fail(ErrorKind::not_found, "order-not-found", "There is no order with this id.");
    }
    auto body = parts_.messages.news(news, new_message_id(parts_.entropy), parts_.clock.wall(), traceparent);
    auto sent = co_await parts_.commands_queue.send(std::move(body), answer_by);
    if (!sent) co_return fail(std::move(sent).error());
    co_return Result<void>();
}

}  // namespace orderflow::orders
