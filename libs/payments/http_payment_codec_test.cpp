#include "libs/payments/http_payment_codec.hpp"

#include <gtest/gtest.h>

#include "libs/testing/order_samples.hpp"

namespace orderflow::payments {
namespace {

namespace samples = orders::samples;
using orders::EffectState;

PaymentCall a_charge() {
    const auto id = samples::order_id(1);
    return charge_call({orders::charge_effect(id), id, orders::Money(2500, samples::eur()), samples::token("tok_ok")});
}
PaymentCall a_refund() {
    const auto id = samples::order_id(1);
    return refund_call({orders::refund_effect(id), orders::charge_effect(id), id, orders::Money(2500, samples::eur())});
}
PaymentCall a_find() { return find_call(orders::charge_effect(samples::order_id(1))); }

std::string effect(std::string_view state, std::string_view more = "", std::string_view amount = "2500",
                   std::string_view key = "") {
    const auto known = key.empty() ? orders::charge_effect(samples::order_id(1)).value : std::string(key);
    return R"({"key":")" + known + R"(","state":")" + std::string(state) + R"(","amount":)" + std::string(amount) +
           R"(,"currency":"EUR","reference":"pay_1")" + std::string(more) + "}";
}

template <class T>
std::string code_of(const Told<T>& told) {
    return told ? "good" : told.error().error.code();
}
std::string code_of(const PaymentFailure& failure) { return failure.error.code(); }

TEST(HttpPaymentCodec, GivenAnswersThatAreNone_WhenRead_ThenTheOutcomeIsUnknownAndAskingAgainMayHelp) {
    for (const std::string& body :
         {std::string(), std::string("[]"), std::string("{"), effect("captured").substr(0, 40), effect("paid"),
          effect("refunded"), effect("captured", "", "-1"), effect("captured", "", "25.00"),
          effect("captured", "", "\"1\""), effect("captured", R"(,"state":"declined")"),
          effect("captured", "", "2500", "another:charge"), effect("declined"),
          effect("declined", R"(,"code":"No money!")"), std::string(17'000, ' ')}) {
        const auto answer = effect_told(a_charge(), 200, body);

        EXPECT_EQ(code_of(answer), "payment.outcome_unknown") << body;
        EXPECT_TRUE(answer.error().may_help_again);
    }
}

TEST(HttpPaymentCodec, GivenAStatus_WhenRead_ThenEachHasOneMeaning) {
    struct Row {
        int status;
        const char* charge;
        const char* find;
        bool again;
    };
    for (const auto& [status, charge, find, again] :
         std::initializer_list<Row>{{201, "payment.outcome_unknown", "payment.unavailable", true},
                                    {302, "payment.misconfigured", "payment.misconfigured", false},
                                    {400, "payment.request_refused", "payment.request_refused", false},
                                    {401, "payment.misconfigured", "payment.misconfigured", false},
                                    {404, "payment.misconfigured", "payment.misconfigured", false},
                                    {408, "payment.unavailable", "payment.unavailable", true},
                                    {409, "payment.outcome_unknown", "payment.unavailable", true},
                                    {422, "payment.request_refused", "payment.request_refused", false},
                                    {429, "payment.unavailable", "payment.unavailable", true},
                                    {500, "payment.outcome_unknown", "payment.unavailable", true},
                                    {503, "payment.outcome_unknown", "payment.unavailable", true}}) {
        EXPECT_EQ(code_of(effect_told(a_charge(), status, "")), charge) << status;
        EXPECT_EQ(code_of(effect_told(a_find(), status, "")), find) << status;
        EXPECT_EQ(effect_told(a_charge(), status, "").error().may_help_again, again) << status;
    }
}

TEST(HttpPaymentCodec, GivenA404_WhenItSaysThatTheKeyIsUnknown_ThenFindHasNothingAndAChargeHasTheWrongAddress) {
    constexpr auto body = R"({"status":404,"code":"effect-unknown"})";

    EXPECT_EQ(effect_told(a_find(), 404, body).value(), std::nullopt);
    EXPECT_EQ(code_of(effect_told(a_charge(), 404, body)), "payment.misconfigured");
}

TEST(HttpPaymentCodec, GivenARefusal_WhenRead_ThenItsCodeIsForThePersonWhoMendsIt) {
    const auto answer = effect_told(a_charge(), 422, R"({"code":"key-reused"})");

    EXPECT_EQ(answer.error().error.kind(), ErrorKind::invalid_input);
    EXPECT_EQ(answer.error().error.detail(), "HTTP status 422, key-reused.");
    EXPECT_EQ(effect_told(a_charge(), 422, R"({"code":"<script>"})").error().error.detail(), "HTTP status 422.");
}

TEST(HttpPaymentCodec, GivenNoAnswer_ThenItMattersWhetherTheCallWasSent) {
    EXPECT_EQ(code_of(no_answer(a_charge(), false, "refused")), "payment.unavailable");
    EXPECT_EQ(code_of(no_answer(a_charge(), true, "reset")), "payment.outcome_unknown");
    EXPECT_EQ(code_of(no_answer(a_find(), true, "reset")), "payment.unavailable") << "nothing was moved by asking";
}

TEST(HttpPaymentCodec, GivenEffects_WhenRead_ThenEachCallHasItsStates) {
    const auto captured = effect_told(a_charge(), 200, effect("captured", R"(,"later":"a member of tomorrow")"));
    ASSERT_TRUE(captured);
    EXPECT_EQ((*captured)->state, EffectState::captured);
    EXPECT_EQ((*captured)->reference, "pay_1");
    EXPECT_EQ((*captured)->amount, orders::Money(2500, samples::eur()));

    const auto declined = effect_told(a_find(), 200, effect("declined", R"(,"code":"card-declined")"));
    ASSERT_TRUE(declined);
    EXPECT_EQ((*declined)->code, "card-declined");

    const auto key = orders::refund_effect(samples::order_id(1)).value;
    const auto refunded = effect_told(a_refund(), 200, effect("refunded", "", "2500", key));
    ASSERT_TRUE(refunded);
    EXPECT_EQ((*refunded)->state, EffectState::refunded);
    EXPECT_EQ(code_of(effect_told(a_refund(), 200, effect("captured", "", "2500", key))), "payment.outcome_unknown");
}

TEST(HttpPaymentCodec, GivenAnAuthorization_WhenAskedFor_ThenWhatIsAbsentIsOpenAndWhatIsWrongIsNoAnswer) {
    const auto id = samples::order_id(1);
    const auto call = authorization_call(
        {orders::charge_effect(id), id, orders::Money(2500, samples::eur()), samples::preauthorized("auth/1 2")});
    const auto key = orders::charge_effect(id).value;
    const auto told = [&](const std::string& more) {
        return authorization_told(call, 200, R"({"key":")" + key + "\"" + more + "}");
    };

    EXPECT_EQ(call.path, "/authorizations");
    EXPECT_EQ(call.body, R"({"key":")" + key + R"(","provider":"simulated","reference":"auth/1 2"})");
    EXPECT_EQ(told("").value(), orders::Authorization());
    EXPECT_EQ((*told(R"(,"amount":2500,"currency":"EUR")"))->amount, orders::Money(2500, samples::eur()));
    EXPECT_EQ((*told(R"(,"captured_by":"ord_2:charge")"))->captured_by, orders::EffectKey{"ord_2:charge"});
    EXPECT_EQ(code_of(told(R"(,"amount":2500)")), "payment.unavailable");
    EXPECT_EQ(code_of(told(R"(,"captured_by":7)")), "payment.unavailable");
    EXPECT_EQ(authorization_told(call, 404, R"({"code":"authorization-unknown"})").value(), std::nullopt);
    EXPECT_EQ(code_of(authorization_told(call, 404, "")), "payment.misconfigured");
}

TEST(HttpPaymentCodec, GivenACharge_WhenWritten_ThenItIsTheContract) {
    const auto id = samples::order_id(1).to_string();

    EXPECT_EQ(a_charge().path, "/charges");
    EXPECT_EQ(a_charge().body, R"({"key":")" + id + R"(:charge","order":")" + id +
                                   R"(","amount":2500,"currency":"EUR","payment":{"mode":"token","token":"tok_ok"}})");
    EXPECT_EQ(a_refund().path, "/refunds");
    EXPECT_EQ(a_refund().body, R"({"key":")" + id + R"(:refund","charge":")" + id + R"(:charge","order":")" + id +
                                   R"(","amount":2500,"currency":"EUR"})");
    EXPECT_EQ(a_find().path, "/effects/" + id + ":charge");
    EXPECT_EQ(a_find().body, "");
}

}  // namespace
}  // namespace orderflow::payments
