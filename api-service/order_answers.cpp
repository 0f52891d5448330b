#include "api-service/order_answers.hpp"

#include "api-service/problem_response.hpp"

namespace orderflow::api {

std::optional<orders::OrderId> issued_id(std::string_view text, const orders::OrderIds& ids) {
    auto id = orders::OrderId::parse(text);
    if (id && !ids.issued_by_us(*id)) id.reset();
    return id;
}

bool hides_from(const Callers& callers, const net::Request& request, const orders::OrderLookup& found) {
    const auto caller = callers.caller_of(request);
    return !caller || (found.order && !caller->sees(found.order->tenant_id));
}

net::Response order_not_found_problem() { return problem(404, "order-not-found", "There is no order with this id."); }

net::Response order_gone_problem(orders::OrderStatus last_status) {
    return problem(contract::Problem{.status = 410,
                                     .title = {},
                                     .code = "order-gone",
                                     .detail = "This order is no longer kept.",
                                     .last_status = last_status});
}

}  // namespace orderflow::api
