// Amounts in an order request of a caller that may give them, in its canonical form and in the message, unhappy cases
// first. What callers who may not are told stands in order_request_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "libs/contract/draft_json.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/contract/order_request.hpp"
#include "libs/json/parse.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::contract {
namespace {

namespace samples = orders::samples;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* most = "9223372036854775807";

// An order with these items and, behind the payment, these members.
std::string body(const std::string& items, const std::string& more = "") {
    return R"({"currency":"EUR","items":[)" + items +
           R"(],"customer":{"name":"Ada","email":"ada@example.com"},)"
           R"("shipping_address":{"line1":"Markt 1","city":"Bremen","country":"DE"},)"
           R"("payment":{"mode":"token","token":"tok_ok"})" +
           more + "}";
}
std::string item(const std::string& more, const std::string& sku = "mug") {
    return R"({"sku":")" + sku + R"(","quantity":2)" + more + "}";
}

std::expected<orders::OrderDraft, FieldErrors> read(const std::string& text, Amounts amounts = Amounts::taken) {
    const auto document = json::parse(text, {.bytes = request_bytes_max});
    return read_order_request(document.value(), amounts);
}

// "pointer code" of every error.
std::vector<std::string> errors(const std::string& text, Amounts amounts = Amounts::taken) {
    std::vector<std::string> list;
    const auto draft = read(text, amounts);
    if (draft) return list;
    for (const auto& error : draft.error().reported()) {
        list.push_back(error.pointer + " " + std::string(to_string(error.rule)));
    }
    return list;
}

const std::string full =
    body(item(R"(,"unit_price":1000,"discount":100,"tax":361)") + "," + item(R"(,"unit_price":3000)", "lamp"),
         R"(,"shipping_amount":250,"discount_amount":50,"tax_amount":400,"expected_total":8500)");

TEST(GivenAmounts, GivenACallerThatMayGiveNone_ThenEachIsRefusedByItsName) {
    EXPECT_THAT(errors(full, Amounts::refused),
                ElementsAre("/items/0/unit_price amount-not-allowed", "/items/0/discount amount-not-allowed",
                            "/items/0/tax amount-not-allowed", "/items/1/unit_price amount-not-allowed",
                            "/shipping_amount amount-not-allowed", "/discount_amount amount-not-allowed",
                            "/tax_amount amount-not-allowed"));
}

TEST(GivenAmounts, GivenAmountsOfSomeLines_ThenTheOthersNeedTheirPrice) {
    const auto priced = item(R"(,"unit_price":100)");
    EXPECT_THAT(errors(body(item("") + "," + priced + "," + item(""))),
                ElementsAre("/items/0/unit_price required", "/items/2/unit_price required"));
    for (const char* one : {"shipping_amount", "discount_amount", "tax_amount"}) {
        EXPECT_THAT(errors(body(item(""), ",\"" + std::string(one) + "\":0")),
                    ElementsAre("/items/0/unit_price required"))
            << one;
    }
    for (const char* one : {"discount", "tax"}) {
        EXPECT_THAT(errors(body(item(",\"" + std::string(one) + "\":0"))), ElementsAre("/items/0/unit_price required"))
            << one;
    }
}

TEST(GivenAmounts, GivenAnAmount_ThenOnly64BitIntegersFromZeroPass) {
    for (const char* one : {"unit_price", "discount", "tax"}) {
        const auto with = [&](const std::string& value) {
            const auto price = std::string(one) == "unit_price" ? "" : R"("unit_price":1,)";
            return errors(
                body(R"({"sku":"mug","quantity":1,)" + std::string(price) + "\"" + one + "\":" + value + "}"));
        };
        const auto pointer = "/items/0/" + std::string(one);
        EXPECT_THAT(with("-1"), ElementsAre(pointer + " out-of-range"));
        EXPECT_THAT(with("9223372036854775808"), ElementsAre(pointer + " out-of-range"));
        EXPECT_THAT(with("1.0"), ElementsAre(pointer + " not-an-integer"));
        EXPECT_THAT(with("1e2"), ElementsAre(pointer + " not-an-integer"));
        EXPECT_THAT(with("\"1\""), ElementsAre(pointer + " wrong-type"));
        EXPECT_THAT(with("null"), ElementsAre(pointer + " wrong-type"));
        EXPECT_THAT(with("0"), ElementsAre());
    }
    for (const char* one : {"shipping_amount", "discount_amount", "tax_amount"}) {
        const auto with = [&](const std::string& value) {
            return errors(body(item(R"(,"unit_price":1)"), ",\"" + std::string(one) + "\":" + value));
        };
        EXPECT_THAT(with("-1"), ElementsAre("/" + std::string(one) + " out-of-range"));
        EXPECT_THAT(with("0.5"), ElementsAre("/" + std::string(one) + " not-an-integer"));
        EXPECT_THAT(with("null"), ElementsAre("/" + std::string(one) + " wrong-type"));
        EXPECT_THAT(with("2"), ElementsAre());
    }
    EXPECT_EQ(read(body(R"({"sku":"mug","quantity":1,"unit_price":)" + std::string(most) + "}"))
                  ->amounts->lines.at(0)
                  .unit_price,
              9223372036854775807);
}

TEST(GivenAmounts, GivenAmountsThatDoNotFitTogether_ThenEachIsNamedWhereItStands) {
    const auto large = R"(,"unit_price":)" + std::string(most);
    EXPECT_THAT(errors(body(item(large) + "," + item(R"(,"unit_price":100,"discount":201)"))),
                ElementsAre("/items/0/unit_price out-of-range", "/items/1/discount out-of-range"));
    EXPECT_THAT(errors(body(item(R"(,"unit_price":100,"tax":38)"), R"(,"tax_amount":37,"discount_amount":238)")),
                ElementsAre("/tax_amount out-of-range", "/discount_amount out-of-range"));
    EXPECT_THAT(errors(body(item(R"(,"unit_price":100)"), R"(,"shipping_amount":)" + std::string(most))),
                ElementsAre("/items out-of-range"));
}

TEST(GivenAmounts, GivenOtherMistakesToo_ThenAllAreReportedAtOnce) {
    auto text = body(item(R"(,"unit_price":100,"discount":201)"), R"(,"colour":1)");
    text.replace(text.find("EUR"), 3, "eur");
    EXPECT_THAT(errors(text),
                ElementsAre("/currency invalid-format", "/items/0/discount out-of-range", "/colour unknown-field"));
    EXPECT_THAT(errors(body(item(R"(,"unit_price":"a")", "a b") + "," + item(""), R"(,"tax_amount":-1)")),
                ElementsAre("/items/0/sku invalid-format", "/items/0/unit_price wrong-type",
                            "/items/1/unit_price required", "/tax_amount out-of-range"));
    EXPECT_THAT(errors(body("1", R"(,"tax_amount":1)")), ElementsAre("/items/0 wrong-type"));
    EXPECT_THAT(errors(body("", R"(,"tax_amount":1)")), ElementsAre("/items required"));
}

TEST(GivenAmounts, GivenAmountsThatNobodyReads_ThenTheyAreTypos) {
    EXPECT_THAT(errors(body(item(R"(,"price":1)"), R"(,"total":2,"unit_price":1)")),
                ElementsAre("/items/0/price unknown-field", "/total unknown-field", "/unit_price unknown-field"));
}

TEST(GivenAmounts, GivenNone_ThenTheOrderIsTheSameAsAnybodyElses) {
    const auto trusted = read(body(item("")));
    ASSERT_TRUE(trusted);
    EXPECT_EQ(trusted->amounts, std::nullopt);
    EXPECT_EQ(encode_draft(*trusted), encode_draft(*read(body(item("")), Amounts::refused)));
}

TEST(GivenAmounts, GivenAll_ThenTheyAreReadAndTheCanonicalFormIsFixed) {
    const auto draft = read(full);

    ASSERT_TRUE(draft);
    ASSERT_TRUE(draft->amounts);
    EXPECT_THAT(draft->amounts->lines, ElementsAre(orders::LineAmounts{.unit_price = 1000, .discount = 100, .tax = 361},
                                                   orders::LineAmounts{.unit_price = 3000, .discount = 0, .tax = 0}));
    EXPECT_EQ(draft->amounts->shipping, 250);
    EXPECT_EQ(draft->amounts->discount, 50);
    EXPECT_EQ(draft->amounts->tax, 400);
    EXPECT_EQ(encode_draft(*draft),
              R"({"currency":"EUR","items":[{"sku":"mug","quantity":2,"unit_price":1000,"discount":100,"tax":361},)"
              R"({"sku":"lamp","quantity":2,"unit_price":3000}],"customer":{"name":"Ada","email":"ada@example.com"},)"
              R"("shipping_address":{"line1":"Markt 1","city":"Bremen","country":"DE"},)"
              R"("payment":{"mode":"token","token":"tok_ok"},"shipping_amount":250,"discount_amount":50,)"
              R"("tax_amount":400,"expected_total":8500})");
}

TEST(GivenAmounts, GivenWhatIsLeftOut_ThenItIsZeroOrTheTaxOfTheLines_AndBothFormsAreOneOrder) {
    const auto left_out = read(body(item(R"(,"unit_price":100,"tax":19)") + "," + item(R"(,"unit_price":5,"tax":1)")));
    const auto named =
        read(body(item(R"(,"unit_price":100,"discount":0,"tax":19)") + "," + item(R"(,"unit_price":5,"tax":1)"),
                  R"(,"shipping_amount":0,"discount_amount":0,"tax_amount":20)"));

    ASSERT_TRUE(left_out);
    EXPECT_EQ(left_out->amounts->tax, 20);
    EXPECT_EQ(encode_draft(*left_out), encode_draft(*named));
}

// What the fingerprint is made of.
TEST(GivenAmounts, GivenAnyOtherAmount_ThenTheCanonicalFormIsAnother) {
    std::vector<std::string> forms{encode_draft(*read(full)),
                                   encode_draft(*read(body(item("") + "," + item("", "lamp"))))};
    for (const char* from : {":1000", ":100,", ":361", ":3000", ":250", ":50,", ":400"}) {
        auto other = full;
        other.insert(other.find(from) + 1, "1");
        if (std::string(from) == ":361") other.insert(other.find("tax_amount\":") + 12, "9");
        const auto draft = read(other);
        ASSERT_TRUE(draft) << from << errors(other).at(0);
        const auto form = encode_draft(*draft);
        EXPECT_THAT(forms, testing::Not(testing::Contains(form))) << from;
        forms.push_back(form);
    }
}

TEST(GivenAmounts, GivenAMessageWithThem_ThenTheWorkerReadsWhatTheApiWrote) {
    const auto draft = read(full);
    const auto message = encode_place({.message_id = "m-1",
                                       .order = samples::order_id(7),
                                       .fingerprint = samples::fingerprint(9),
                                       .accepted_at = samples::at(5),
                                       .traceparent = std::nullopt,
                                       .tenant = "acme"},
                                      encode_draft(*draft));

    const auto back = decode_message(message);

    ASSERT_TRUE(back) << back.error().detail();
    EXPECT_EQ(*std::get<orders::PlaceOrder>(back->command).draft, *draft);
}

TEST(GivenAmounts, GivenAMessageWhoseAmountsDoNotAddUp_ThenItIsMalformed) {
    auto draft = *read(full);
    draft.amounts->tax = 360;
    const auto message = encode_place({.message_id = "m-1",
                                       .order = samples::order_id(7),
                                       .fingerprint = samples::fingerprint(9),
                                       .accepted_at = samples::at(5),
                                       .traceparent = std::nullopt},
                                      encode_draft(draft));

    const auto back = decode_message(message);

    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().code(), "message.malformed");
    EXPECT_THAT(back.error().detail(), HasSubstr("/tax_amount"));
}

}  // namespace
}  // namespace orderflow::contract
