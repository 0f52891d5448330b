// Feeds bytes to the readers of what a payment provider says: the first byte picks the status and the call, the rest is
// the body. What must hold for every input: it has a meaning; what is read fits the call and its limits; what may have
// moved money is never taken for what did not, unless the provider says so; a callback names an order.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libs/base/invariant.hpp"
#include "libs/contract/payment_callback.hpp"
#include "libs/json/parse.hpp"
#include "libs/payments/http_payment_codec.hpp"

namespace {

using namespace orderflow;
using orders::EffectState;
using payments::PaymentCall;

constexpr std::array statuses{200, 200, 200, 200, 201, 302, 400, 401, 404, 409, 422, 429, 500, 503};
const auto order = orders::OrderId::parse("ord_00000000000000000000000001").value();
const orders::Money amount(2500, *orders::Currency::parse("EUR"));

PaymentCall call_of(std::size_t choice) {
    const orders::PaymentMethod method;
    const auto charge = orders::charge_effect(order);
    switch (choice % 4) {
        case 0: return payments::charge_call({charge, order, amount, method});
        case 1: return payments::refund_call({orders::refund_effect(order), charge, order, amount});
        case 2: return payments::find_call(charge);
        default: return payments::authorization_call({charge, order, amount, method});
    }
}

bool is_text(std::string_view text, std::size_t bytes_max) {
    return text.size() <= bytes_max && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

void check_effect(const PaymentCall& call, int status, const orders::EffectOutcome& effect) {
    ORDERFLOW_INVARIANT(status == 200 && effect.amount && effect.amount->minor >= 0);
    ORDERFLOW_INVARIANT(!effect.reference.empty() && is_text(effect.reference, 255) && is_text(effect.code, 64));
    const bool refund = call.kind == PaymentCall::Kind::refund;
    const auto state = effect.state;
    ORDERFLOW_INVARIANT(refund == (state == EffectState::refunded || state == EffectState::voided));
    ORDERFLOW_INVARIANT(state != EffectState::started && effect.code.empty() == (state != EffectState::declined));
}

void check_failure(const PaymentCall& call, int status, const payments::PaymentFailure& failure) {
    const bool moves = call.kind == PaymentCall::Kind::charge || call.kind == PaymentCall::Kind::refund;
    const bool open = status == 200 || status == 201 || status == 409 || status >= 500;
    if (moves && open) ORDERFLOW_INVARIANT(failure.error.code() == "payment.outcome_unknown");
    ORDERFLOW_INVARIANT(is_text(failure.error.code(), 64));
}

void check_answer(const PaymentCall& call, int status, std::string_view body) {
    if (call.kind == PaymentCall::Kind::authorization) {
        const auto told = payments::authorization_told(call, status, body);
        if (!told) return check_failure(call, status, told.error());
        if (*told && (*told)->captured_by) ORDERFLOW_INVARIANT(is_text((*told)->captured_by->value, 255));
        return;
    }
    const auto told = payments::effect_told(call, status, body);
    if (!told) return check_failure(call, status, told.error());
    // "Never seen" answers a question; it is no answer to a call that moves money.
    if (!*told) ORDERFLOW_INVARIANT(call.kind == PaymentCall::Kind::find && status == 404);
    if (*told) check_effect(call, status, **told);
}

void check_callback(std::string_view body) {
    const auto document = json::parse(body, {.bytes = contract::callback_bytes_max, .depth = 8});
    if (!document) return;
    const auto news = contract::read_payment_callback(*document);
    if (news) ORDERFLOW_INVARIANT(orders::order_of(news->effect) == news->id);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto status = statuses[data[0] / 4 % statuses.size()];
    check_answer(call_of(data[0]), status, body);
    check_callback(body);
    return 0;
}
