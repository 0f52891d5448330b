#include "orderflow/load/request_text.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <iterator>

namespace orderflow::load {
namespace {

constexpr std::array<std::string_view, 16> first_names{"Ada",     "Grace", "Alan",   "Edsger",   "Barbara", "Donald",
                                                       "Tony",    "Radia", "Leslie", "Frances",  "Ken",     "Margaret",
                                                       "Niklaus", "Jean",  "Bjarne", "Katherine"};
constexpr std::array<std::string_view, 16> last_names{
    "Lovelace", "Hopper", "Turing",   "Dijkstra", "Liskov", "Knuth",  "Hoare",      "Perlman",
    "Lamport",  "Allen",  "Thompson", "Hamilton", "Wirth",  "Bartik", "Stroustrup", "Johnson"};
constexpr std::array<std::string_view, 8> streets{"Analytical Way", "Harbour Street", "Rue des Tisserands",
                                                  "Lindenallee",    "Via Garibaldi",  "Mill Lane",
                                                  "Prinsengracht",  "Calle Mayor"};

struct Town {
    std::string_view city;
    std::string_view postal_code;
    std::string_view country;
};
constexpr std::array<Town, 8> towns{{{"Berlin", "10115", "DE"},
                                     {"Lyon", "69002", "FR"},
                                     {"Amsterdam", "1016 GV", "NL"},
                                     {"Bristol", "BS1 4DJ", "GB"},
                                     {"Torino", "10122", "IT"},
                                     {"Zaragoza", "50003", "ES"},
                                     {"Portland", "97205", "US"},
                                     {"Uppsala", "753 10", "SE"}}};

template <class Array>
const auto& pick(SplitMix64& random, const Array& values) {
    return values[random.below(values.size())];
}

std::string_view token_of(Payment payment) {
    switch (payment) {
        case Payment::ok: return "tok_ok";
        case Payment::declined: return "tok_declined";
        case Payment::slow: return "tok_slow";
        case Payment::unknown: return "tok_unknown";
        case Payment::flaky: return "tok_flaky";
        case Payment::invoice: return "";
    }
    return "";
}

}  // namespace

RequestText::RequestText(const OrderPlanner& planner, std::string_view host, std::string_view path)
    : planner_(planner),
      host_line_(fmt::format("Host: {}\r\n", host)),
      place_head_(
          fmt::format("POST {} HTTP/1.1\r\n{}Content-Type: application/json\r\nIdempotency-Key: ", path, host_line_)) {}

void RequestText::place(const OrderPlan& plan, std::string& out) {
    write_body(plan);
    out.assign(place_head_);
    planner_.append_key(plan.number, out);
    out += "\r\n";
    finish(out);
}

void RequestText::cancel(std::string_view order_id, std::string& out) {
    body_ = R"({"reason":"customer"})";
    out.assign("POST /v1/orders/").append(order_id).append("/cancel HTTP/1.1\r\n").append(host_line_);
    out += "Content-Type: application/json\r\n";
    finish(out);
}

void RequestText::get(std::string_view target, std::string& out) const {
    out.assign("GET ").append(target).append(" HTTP/1.1\r\n").append(host_line_).append("\r\n");
}

void RequestText::finish(std::string& out) const {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("Content-Length: {}\r\n\r\n"), body_.size());
    out += body_;
}

void RequestText::write_body(const OrderPlan& plan) {
    auto details = plan.details;
    body_.assign(R"({"currency":")").append(plan.currency).append(R"(",)");
    write_lines(plan);
    write_customer(details);
    write_payment(plan);
    body_ += R"("client_reference":")";
    planner_.append_key(plan.number, body_);
    body_ += R"("})";
    if (plan.bad) break_a_rule(plan);
}

void RequestText::write_lines(const OrderPlan& plan) {
    body_ += R"("items":[)";
    for (std::size_t i = 0; i < plan.line_count; ++i) {
        const auto& line = plan.all_lines[i];
        fmt::format_to(std::back_inserter(body_), FMT_COMPILE(R"({}{{"sku":"{}","quantity":{}}})"), i == 0 ? "" : ",",
                       line.sku, line.quantity);
    }
    body_ += "],";
}

void RequestText::write_customer(SplitMix64& details) {
    constexpr std::uint64_t mailboxes = 100'000;
    constexpr std::uint64_t house_numbers = 200;
    const auto first = pick(details, first_names);
    const auto last = pick(details, last_names);
    fmt::format_to(std::back_inserter(body_),
                   FMT_COMPILE(R"("customer":{{"name":"{0} {1}","email":"{0}.{1}.{2}@example.com"}},)"), first, last,
                   details.below(mailboxes));
    const auto& town = pick(details, towns);
    fmt::format_to(
        std::back_inserter(body_),
        FMT_COMPILE(R"("shipping_address":{{"line1":"{} {}","city":"{}","postal_code":"{}","country":"{}"}},)"),
        1 + details.below(house_numbers), pick(details, streets), town.city, town.postal_code, town.country);
}

void RequestText::write_payment(const OrderPlan& plan) {
    if (plan.payment == Payment::invoice) {
        body_ += R"("payment":{"mode":"invoice"},)";
        return;
    }
    body_.append(R"("payment":{"mode":"token","token":")").append(token_of(plan.payment)).append(R"("},)");
}

// Each of these has to be refused by every server with this contract.
void RequestText::break_a_rule(const OrderPlan& plan) {
    constexpr std::uint64_t ways = 3;
    switch (plan.number % ways) {
        case 0: body_.resize(body_.size() / 2); return;                // no JSON
        case 1: body_.insert(1, R"("no_such_member":true,)"); return;  // a typo
        default: body_.insert(1, R"("total":1,)"); return;             // a price of the buyer's own
    }
}

}  // namespace orderflow::load
