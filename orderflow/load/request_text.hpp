// RequestText: the bytes of the requests, rendered into the memory of the connection that sends them.
#pragma once

#include <string>
#include <string_view>

#include "orderflow/load/order_plan.hpp"

namespace orderflow::load {

// From one thread.
class RequestText {
  public:
    // `host`: as in the URL. `path`: of the orders. `planner` outlives it.
    RequestText(const OrderPlanner& planner, std::string_view host, std::string_view path);

    // Replaces `out`; the body is its last body_bytes() bytes.
    void place(const OrderPlan& plan, std::string& out);
    void cancel(std::string_view order_id, std::string& out);
    void get(std::string_view target, std::string& out) const;

    std::size_t body_bytes() const { return body_.size(); }

  private:
    void finish(std::string& out) const;
    void write_body(const OrderPlan& plan);
    void write_lines(const OrderPlan& plan);
    void write_customer(SplitMix64& details);
    void write_payment(const OrderPlan& plan);
    void break_a_rule(const OrderPlan& plan);

    const OrderPlanner& planner_;
    std::string host_line_;
    std::string place_head_;
    std::string body_;
};

}  // namespace orderflow::load
