#include "libs/payments/http_payment_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "libs/base/safeguard.hpp"
#include "libs/json/parse.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::payments {
namespace {

using orders::EffectOutcome;
using orders::EffectState;
using Kind = PaymentCall::Kind;

constexpr json::ParseLimits parse_limits{.bytes = payment_answer_bytes_max, .depth = 8};
constexpr std::size_t reference_bytes_max = 255;
constexpr std::size_t code_bytes_max = 64;

void write_text(json::Writer& out, std::string_view name, const std::optional<std::string>& text) {
    if (text) out.key(name).string(*text);
}

void write_amount(json::Writer& out, const orders::Money& amount) {
    out.key("amount").integer(amount.minor).key("currency").string(amount.currency.code());
}

bool moves_money(const PaymentCall& call) { return call.kind == Kind::charge || call.kind == Kind::refund; }

PaymentFailure unknown(const PaymentCall& call, std::string detail) {
    const auto* code = moves_money(call) ? "payment.outcome_unknown" : "payment.unavailable";
    return {Error(ErrorKind::unavailable, code, std::move(detail)), true};
}

PaymentFailure nothing_happened(std::string detail) {
    return {Error(ErrorKind::unavailable, "payment.unavailable", std::move(detail)), true};
}

PaymentFailure misconfigured(std::string detail) {
    return {Error(ErrorKind::unauthorized, "payment.misconfigured", std::move(detail)), false};
}

bool is_code(std::string_view text) {
    return !text.empty() && text.size() <= code_bytes_max && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

bool is_reference(std::string_view text) {
    return !text.empty() && text.size() <= reference_bytes_max &&
           std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

std::optional<std::string_view> text_of(const json::Value& object, std::string_view name) {
    const auto* member = object.find(name);
    const auto* text = member != nullptr ? member->string() : nullptr;
    return text != nullptr ? std::optional(*text) : std::nullopt;
}

// A refund key is told by its form: find has nothing else to tell it by.
bool is_about_a_charge(const PaymentCall& call) {
    if (call.kind == Kind::find) return !call.key.value.ends_with(":refund");
    return call.kind == Kind::charge;
}

std::optional<EffectState> state_of(const PaymentCall& call, std::string_view text) {
    if (is_about_a_charge(call)) {
        if (text == "captured") return EffectState::captured;
        if (text == "declined") return EffectState::declined;
    } else {
        if (text == "refunded") return EffectState::refunded;
        if (text == "voided") return EffectState::voided;
    }
    return std::nullopt;
}

std::optional<orders::Money> money_of(const json::Value& answer) {
    const auto* member = answer.find("amount");
    const auto number = member != nullptr ? member->number() : std::nullopt;
    const auto code = text_of(answer, "currency");
    if (!number || !code) return std::nullopt;
    const auto minor = number->to_int64();
    const auto currency = orders::Currency::parse(*code);
    if (!minor || *minor < 0 || !currency) return std::nullopt;
    return orders::Money(*minor, *currency);
}

// What is wrong with an answer is a text for the detail.
template <class T>
using Read = std::expected<T, const char*>;

Read<json::Document> read_object(const PaymentCall& call, std::string_view body) {
    auto document = json::parse(body, parse_limits);
    if (!document || document->root().object() == nullptr) return std::unexpected("the answer is no JSON object");
    if (document->root().repeats_a_name()) return std::unexpected("a member of the answer stands there twice");
    if (text_of(*document, "key") != call.key.value && safeguard(Safeguard::answer_key_check)) {
        return std::unexpected("the answer is about another key");
    }
    return *std::move(document);
}

Read<EffectOutcome> read_effect(const PaymentCall& call, const json::Value& effect) {
    const auto said = text_of(effect, "state");
    const auto state = said ? state_of(call, *said) : std::nullopt;
    if (!state) return std::unexpected("the answer has no state that this call can have");
    const auto amount = money_of(effect);
    if (!amount) return std::unexpected("the answer has no amount in a currency");
    const auto reference = text_of(effect, "reference");
    if (!reference || !is_reference(*reference)) return std::unexpected("the answer has no reference");
    EffectOutcome outcome(*state, std::string(*reference));
    outcome.amount = amount;
    if (*state != EffectState::declined) return outcome;
    const auto code = text_of(effect, "code");
    if (!code || !is_code(*code)) return std::unexpected("the answer declines without a code");
    outcome.code = *code;
    return outcome;
}

bool is_there(const json::Value& object, std::string_view name) {
    const auto* member = object.find(name);
    return member != nullptr && !member->is_null();
}

Read<orders::Authorization> read_authorization(const PaymentCall&, const json::Value& answer) {
    orders::Authorization known;
    known.amount = money_of(answer);
    if (!known.amount && (is_there(answer, "amount") || is_there(answer, "currency"))) {
        return std::unexpected("the answer has an amount that is none");
    }
    if (!is_there(answer, "captured_by")) return known;
    const auto key = text_of(answer, "captured_by");
    if (!key || !is_reference(*key)) return std::unexpected("the answer has a captured_by that is none");
    known.captured_by = orders::EffectKey{std::string(*key)};
    return known;
}

// The code of problem+json, when it has one.
std::string code_in(std::string_view body) {
    const auto document = json::parse(body, parse_limits);
    const auto code = document ? text_of(document->root(), "code") : std::nullopt;
    return code && is_code(*code) ? std::string(*code) : std::string();
}

PaymentFailure refused(const PaymentCall& call, int status, const std::string& code) {
    auto detail = fmt::format("HTTP status {}{}{}.", status, code.empty() ? "" : ", ", code);
    if (status < 400 || status >= 500) {
        return status >= 300 && status < 400 ? misconfigured(std::move(detail)) : unknown(call, std::move(detail));
    }
    switch (status) {
        case 401:
        case 403:
        case 404:
        case 405:
        case 410: return misconfigured(std::move(detail));
        case 409: return unknown(call, std::move(detail));
        case 408:
        case 425:
        case 429: return nothing_happened(std::move(detail));
        default: return {Error(ErrorKind::invalid_input, "payment.request_refused", std::move(detail)), false};
    }
}

// `not_known`: the code of a 404 that answers the question.
template <class T>
Told<T> told(const PaymentCall& call, int status, std::string_view body, std::string_view not_known,
             Read<T> (*read)(const PaymentCall&, const json::Value&)) {
    if (status != 200) {
        const auto code = code_in(body);
        if (status == 404 && !not_known.empty() && code == not_known) return std::nullopt;
        return std::unexpected(refused(call, status, code));
    }
    const auto document = read_object(call, body);
    if (!document) return std::unexpected(unknown(call, document.error()));
    auto value = read(call, *document);
    if (!value) return std::unexpected(unknown(call, value.error()));
    return *std::move(value);
}

}  // namespace

PaymentCall charge_call(const orders::ChargeRequest& request) {
    PaymentCall call(Kind::charge, request.key, "/charges");
    call.traceparent = request.traceparent;
    json::Writer out;
    out.begin_object().key("key").string(request.key.value).key("order").string(request.order.to_string());
    write_amount(out, request.amount);
    out.key("payment").begin_object().key("mode").string(to_string(request.method.mode));
    write_text(out, "token", request.method.token);
    write_text(out, "provider", request.method.provider);
    write_text(out, "reference", request.method.reference);
    out.end_object().end_object();
    call.body = std::move(out).take();
    return call;
}

PaymentCall refund_call(const orders::RefundRequest& request) {
    PaymentCall call(Kind::refund, request.key, "/refunds");
    call.traceparent = request.traceparent;
    json::Writer out;
    out.begin_object().key("key").string(request.key.value).key("charge").string(request.charge.value);
    out.key("order").string(request.order.to_string());
    write_amount(out, request.amount);
    out.end_object();
    call.body = std::move(out).take();
    return call;
}

PaymentCall find_call(const orders::EffectKey& key) { return {Kind::find, key, "/effects/" + key.value}; }

PaymentCall authorization_call(const orders::ChargeRequest& request) {
    PaymentCall call(Kind::authorization, request.key, "/authorizations");
    call.traceparent = request.traceparent;
    json::Writer out;
    out.begin_object().key("key").string(request.key.value);
    write_text(out, "provider", request.method.provider);
    write_text(out, "reference", request.method.reference);
    out.end_object();
    call.body = std::move(out).take();
    return call;
}

Told<EffectOutcome> effect_told(const PaymentCall& call, int status, std::string_view body) {
    return told<EffectOutcome>(call, status, body, call.kind == Kind::find ? "effect-unknown" : "", read_effect);
}

Told<orders::Authorization> authorization_told(const PaymentCall& call, int status, std::string_view body) {
    return told<orders::Authorization>(call, status, body, "authorization-unknown", read_authorization);
}

PaymentFailure no_answer(const PaymentCall& call, bool was_sent, std::string detail) {
    return was_sent ? unknown(call, std::move(detail)) : nothing_happened(std::move(detail));
}

}  // namespace orderflow::payments
