// Every rule of an order request, unhappy cases first. A case changes one thing in a body that is otherwise valid.
#include "libs/contract/order_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "libs/contract/draft_json.hpp"
#include "libs/json/parse.hpp"

namespace orderflow::contract {
namespace {

using testing::ElementsAre;

json::Document parsed(std::string_view text) { return json::parse(text, {.bytes = request_bytes_max * 2}).value(); }

std::expected<orders::OrderDraft, FieldErrors> read(std::string_view text) {
    const auto document = parsed(text);
    return read_order_request(document);
}

// The members of a valid body; a test replaces, adds or (empty text) removes some.
using Members = std::vector<std::pair<std::string, std::string>>;

std::string body(const Members& changes = {}) {
    Members members = {{"currency", R"("EUR")"},
                       {"items", R"([{"sku":"NB-A5","quantity":2}])"},
                       {"customer", R"({"name":"Ada","email":"ada@example.com"})"},
                       {"shipping_address", R"({"line1":"Markt 1","city":"Bremen","country":"DE"})"},
                       {"payment", R"({"mode":"token","token":"tok_ok"})"}};
    for (const auto& [name, value] : changes) {
        const auto same = [&](const auto& member) { return member.first == name; };
        const auto found = std::ranges::find_if(members, same);
        if (found == members.end()) {
            members.emplace_back(name, value);
        } else {
            found->second = value;
        }
    }
    std::string text = "{";
    for (const auto& [name, value] : members) {
        if (value.empty()) continue;
        text += (text.size() > 1 ? ",\"" : "\"") + name + "\":" + value;
    }
    return text + "}";
}

// "pointer code" of every error.
std::vector<std::string> errors(std::string_view text) {
    std::vector<std::string> list;
    const auto draft = read(text);
    if (draft) return list;
    for (const auto& error : draft.error().reported()) {
        list.push_back(error.pointer + " " + std::string(to_string(error.rule)));
    }
    return list;
}
std::vector<std::string> errors(const Members& changes) { return errors(body(changes)); }

std::string quoted(std::size_t count, std::string_view unit = "x") {
    std::string text = "\"";
    for (std::size_t i = 0; i < count; ++i) text += unit;
    return text + "\"";
}

std::string customer(const std::string& members) { return R"({"name":"Ada","email":"a@b.c")" + members + "}"; }
std::string with_email(const std::string& email) { return R"({"name":"Ada","email":")" + email + "\"}"; }
std::string address(const std::string& members) {
    return R"({"line1":"Markt 1","city":"Bremen","country":"DE")" + members + "}";
}

TEST(OrderRequest, GivenABodyThatIsNoObject_ThenOneErrorAtTheRoot) {
    for (const char* text : {"null", "1", "[]", "\"order\"", "true"}) {
        EXPECT_THAT(errors(text), ElementsAre(" wrong-type")) << text;
    }
}

TEST(OrderRequest, GivenAnEmptyObject_ThenEveryRequiredMemberIsNamed) {
    EXPECT_THAT(errors("{}"), ElementsAre("/currency required", "/items required", "/customer required",
                                          "/shipping_address required", "/payment required"));
}

TEST(OrderRequest, GivenManyMistakes_ThenAllAreReportedAtOnce) {
    EXPECT_THAT(errors({{"currency", R"("eur")"},
                        {"items", R"([{"sku":"a b","quantity":0},{"quantity":"2"}])"},
                        {"customer", R"({"name":"","email":"nobody"})"},
                        {"shipping_address", R"({"line1":"x","country":"XX"})"},
                        {"payment", R"({"mode":"cash"})"},
                        {"total", "1"},
                        {"colour", "1"}}),
                ElementsAre("/currency invalid-format", "/items/0/sku invalid-format", "/items/0/quantity out-of-range",
                            "/items/1/sku required", "/items/1/quantity wrong-type", "/customer/name required",
                            "/customer/email invalid-format", "/shipping_address/city required",
                            "/shipping_address/country invalid-format", "/payment/mode invalid-format",
                            "/total amount-not-allowed", "/colour unknown-field"));
}

TEST(OrderRequest, GivenACurrencyThatIsNone_ThenItIsRefused) {
    EXPECT_THAT(errors({{"currency", R"("EURO")"}}), ElementsAre("/currency invalid-format"));
    EXPECT_THAT(errors({{"currency", R"("")"}}), ElementsAre("/currency required"));
    EXPECT_THAT(errors({{"currency", "978"}}), ElementsAre("/currency wrong-type"));
    EXPECT_THAT(errors({{"currency", "null"}}), ElementsAre("/currency wrong-type"));
    EXPECT_THAT(errors({{"currency", R"("XYZ")"}}), ElementsAre("/currency unsupported-currency"));
}

TEST(OrderRequest, GivenLinesThatAreNone_ThenTheyAreRefused) {
    EXPECT_THAT(errors({{"items", "[]"}}), ElementsAre("/items required"));
    EXPECT_THAT(errors({{"items", "{}"}}), ElementsAre("/items wrong-type"));
    EXPECT_THAT(errors({{"items", "[1,null]"}}), ElementsAre("/items/0 wrong-type", "/items/1 wrong-type"));

    std::string lines = "[";
    for (int i = 0; i < 100; ++i) lines += R"({"sku":"A","quantity":1},)";
    EXPECT_THAT(errors({{"items", lines + R"({"sku":"A","quantity":1}])"}}), ElementsAre("/items too-many-items"));
    lines.back() = ']';
    EXPECT_TRUE(read(body({{"items", lines}})));
}

TEST(OrderRequest, GivenAQuantity_ThenOnlyIntegersFromOneToAMillionPass) {
    const auto with = [](const std::string& quantity) {
        return errors({{"items", R"([{"sku":"A","quantity":)" + quantity + "}]"}});
    };

    for (const char* range : {"0", "-1", "-0", "1000001", "9223372036854775808", "1000000000000000000000000000000"}) {
        EXPECT_THAT(with(range), ElementsAre("/items/0/quantity out-of-range")) << range;
    }
    for (const char* fraction : {"1.0", "1e2", "0.5", "1E+2", "9007199254740993.5"}) {
        EXPECT_THAT(with(fraction), ElementsAre("/items/0/quantity not-an-integer")) << fraction;
    }
    for (const char* type : {"\"1\"", "null", "true", "[1]", "{}"}) {
        EXPECT_THAT(with(type), ElementsAre("/items/0/quantity wrong-type")) << type;
    }
    EXPECT_THAT(with("1"), ElementsAre());
    EXPECT_THAT(with("1000000"), ElementsAre());
}

TEST(OrderRequest, GivenAnyAmountFromTheBuyer_ThenItIsNotAllowed) {
    for (const char* name : {"unit_price", "price", "discount", "tax", "total"}) {
        const auto line = R"([{"sku":"A","quantity":1,")" + std::string(name) + R"(":100}])";
        EXPECT_THAT(errors({{"items", line}}), ElementsAre("/items/0/" + std::string(name) + " amount-not-allowed"));
    }
    for (const char* name : {"shipping_amount", "discount_amount", "tax_amount", "total", "unit_price"}) {
        EXPECT_THAT(errors({{name, "0"}}), ElementsAre("/" + std::string(name) + " amount-not-allowed"));
    }
}

TEST(OrderRequest, GivenAnExpectedTotal_ThenOnly64BitIntegersFromZeroPass) {
    EXPECT_THAT(errors({{"expected_total", "-1"}}), ElementsAre("/expected_total out-of-range"));
    EXPECT_THAT(errors({{"expected_total", "9223372036854775808"}}), ElementsAre("/expected_total out-of-range"));
    EXPECT_THAT(errors({{"expected_total", "19.99"}}), ElementsAre("/expected_total not-an-integer"));
    EXPECT_EQ(read(body({{"expected_total", "9223372036854775807"}}))->expected_total, 9223372036854775807);
}

TEST(OrderRequest, GivenADuplicateMember_ThenItIsReportedWhereItStands) {
    EXPECT_THAT(errors(R"({"currency":"EUR","currency":"GBP",)" + body().substr(body().find("\"items\""))),
                ElementsAre("/currency duplicate-key"));
    EXPECT_THAT(errors({{"customer", R"({"name":"Ada","email":"a@b.c","email":"d@e.f"})"}}),
                ElementsAre("/customer/email duplicate-key"));
    EXPECT_THAT(errors({{"metadata", R"({"k":"1","k":"2"})"}}), ElementsAre("/metadata/k duplicate-key"));
}

TEST(OrderRequest, GivenUnknownMembers_ThenTheyAreTypos) {
    EXPECT_THAT(errors({{"item", "[]"}}), ElementsAre("/item unknown-field"));
    EXPECT_THAT(errors({{"customer", customer(R"(,"Phone":"1")")}}), ElementsAre("/customer/Phone unknown-field"));
    EXPECT_THAT(errors({{"shipping_address", address(R"(,"zip":"1")")}}),
                ElementsAre("/shipping_address/zip unknown-field"));
    EXPECT_THAT(errors({{"payment", R"({"mode":"token","token":"t","provider":"p"})"}}),
                ElementsAre("/payment/provider unknown-field"));
    EXPECT_THAT(errors({{"a/b~c", "1"}}), ElementsAre("/a~1b~0c unknown-field"));
    EXPECT_THAT(errors({{"status", R"("confirmed")"}, {"id", "1"}}),
                ElementsAre("/status unknown-field", "/id unknown-field"));
}

TEST(OrderRequest, GivenAnEmailThatCannotBeOne_ThenInvalidFormat) {
    for (const char* email : {"ada", "@b.c", "a@b", "a@.c", "a@b.", "a@b..c", "a@b@c.d", "a b@c.d", "a@b c.d",
                              "a@b.c d", "a\\u00a0b@c.d"}) {
        EXPECT_THAT(errors({{"customer", with_email(email)}}), ElementsAre("/customer/email invalid-format")) << email;
    }
    for (const char* email : {"a@b.c", "a.b+c@d-e.co.uk", "\\u00fc@\\u00fc.de", "  ada@example.com  "}) {
        EXPECT_THAT(errors({{"customer", with_email(email)}}), ElementsAre()) << email;
    }
    EXPECT_THAT(errors({{"customer", with_email(std::string(251, 'a') + "@b.c")}}),
                ElementsAre("/customer/email too-long"));
}

TEST(OrderRequest, GivenAPhoneThatCannotBeOne_ThenItIsRefused) {
    const auto with = [](const std::string& phone) {
        return errors({{"customer", customer(R"(,"phone":")" + phone + "\"")}});
    };
    EXPECT_THAT(with("1234"), ElementsAre("/customer/phone too-short"));
    EXPECT_THAT(with(std::string(33, '1')), ElementsAre("/customer/phone too-long"));
    EXPECT_THAT(with("call me"), ElementsAre("/customer/phone invalid-format"));
    EXPECT_THAT(with("++49421"), ElementsAre("/customer/phone invalid-format"));
    EXPECT_THAT(with("+49 (421) 12-34/5.6"), ElementsAre());
}

TEST(OrderRequest, GivenCountriesThatAreNotAssigned_ThenInvalidFormat) {
    for (const char* country : {"XX", "de", "DEU", "ZZ", "D"}) {
        const auto value = R"({"line1":"x","city":"y","country":")" + std::string(country) + "\"}";
        EXPECT_THAT(errors({{"billing_address", value}}), ElementsAre("/billing_address/country invalid-format"));
    }
}

TEST(OrderRequest, GivenEachPaymentMode_ThenItsOwnMembersAreDemanded) {
    EXPECT_THAT(errors({{"payment", R"({"mode":"token"})"}}), ElementsAre("/payment/token required"));
    EXPECT_THAT(errors({{"payment", R"({"mode":"token","token":"  "})"}}), ElementsAre("/payment/token required"));
    EXPECT_THAT(errors({{"payment", R"({"mode":"preauthorized"})"}}),
                ElementsAre("/payment/provider required", "/payment/reference required"));
    EXPECT_THAT(errors({{"payment", R"({"mode":"invoice","token":"t"})"}}),
                ElementsAre("/payment/token unknown-field"));
    EXPECT_THAT(errors({{"payment", R"({"token":"t"})"}}), ElementsAre("/payment/mode required"));
    EXPECT_THAT(errors({{"payment", R"({"mode":1})"}}), ElementsAre("/payment/mode wrong-type"));

    const auto paid = read(body({{"payment", R"({"mode":"preauthorized","provider":"p","reference":"r"})"}}));
    ASSERT_TRUE(paid);
    EXPECT_EQ(paid->payment.mode, orders::PaymentMode::preauthorized);
    EXPECT_EQ(paid->payment.provider, "p");
    EXPECT_EQ(paid->payment.reference, "r");
    EXPECT_TRUE(read(body({{"payment", R"({"mode":"invoice"})"}})));
    EXPECT_EQ(read(body({{"payment", R"({"mode":"invoice","reference":"PO 7"})"}}))->payment.reference, "PO 7");
}

TEST(OrderRequest, GivenTexts_ThenLengthIsCountedInCodePointsAfterTrimming) {
    EXPECT_TRUE(read(body({{"client_reference", quoted(100, "\u00e9")}})));
    EXPECT_THAT(errors({{"client_reference", quoted(101)}}), ElementsAre("/client_reference too-long"));
    EXPECT_THAT(errors({{"client_reference", R"("   ")"}}), ElementsAre("/client_reference too-short"));
    EXPECT_THAT(errors({{"client_reference", R"("")"}}), ElementsAre("/client_reference too-short"));
    EXPECT_EQ(read(body({{"client_reference", R"(" \u00a0\ta b\u3000\n")"}}))->client_reference, "a b");
    EXPECT_TRUE(read(body({{"notes", quoted(2000, "\U0001F600")}})));
    EXPECT_THAT(errors({{"notes", quoted(2001, "\U0001F600")}}), ElementsAre("/notes too-long"));
}

TEST(OrderRequest, GivenControlCharacters_ThenTextsAreRefused_AndNotesKeepLineFeeds) {
    for (const char* text : {R"("a\u0000b")", R"("a\nb")", R"("a\tb")", R"("a\u001bb")", R"("a\u007fb")",
                             R"("a\u0085b")", R"("a\u009fb")"}) {
        EXPECT_THAT(errors({{"client_reference", text}}), ElementsAre("/client_reference invalid-format")) << text;
    }
    EXPECT_THAT(errors({{"notes", R"("a\r\nb")"}}), ElementsAre("/notes invalid-format"));
    EXPECT_EQ(read(body({{"notes", R"("a\nb\u00a0c")"}}))->notes, "a\nb\u00a0c");
}

TEST(OrderRequest, GivenMetadata_ThenKeysAndValuesAreBounded) {
    EXPECT_THAT(errors({{"metadata", "[]"}}), ElementsAre("/metadata wrong-type"));
    EXPECT_THAT(errors({{"metadata", R"({"":"a","k":1,"l":"a\nb"})"}}),
                ElementsAre("/metadata/ too-short", "/metadata/k wrong-type", "/metadata/l invalid-format"));
    EXPECT_THAT(errors({{"metadata", "{" + quoted(41) + ":\"\"}"}}),
                ElementsAre("/metadata/" + std::string(41, 'x') + " too-long"));
    EXPECT_THAT(errors({{"metadata", R"({"k":)" + quoted(501) + "}"}}), ElementsAre("/metadata/k too-long"));
    std::string many = "{";
    for (int i = 0; i < 50; ++i) many += "\"k" + std::to_string(i) + "\":\"\",";
    EXPECT_TRUE(read(body({{"metadata", many.substr(0, many.size() - 1) + "}"}})));
    EXPECT_THAT(errors({{"metadata", many + R"("one_more":""})"}}), ElementsAre("/metadata out-of-range"));
    EXPECT_THAT(read(body({{"metadata", R"({"b":"2","a":" 1 "})"}}))->metadata,
                ElementsAre(testing::Pair("a", "1"), testing::Pair("b", "2")));
}

TEST(OrderRequest, GivenThousandsOfTypos_ThenTheAnswerStaysBounded) {
    std::string text = body();
    text.pop_back();
    for (int i = 0; i < 5000; ++i) text += ",\"z" + std::to_string(i) + "\":0";

    const auto draft = read(text + "}");

    ASSERT_FALSE(draft);
    EXPECT_EQ(draft.error().count(), 5000U);
    EXPECT_EQ(draft.error().reported().size(), FieldErrors::reported_max);
}

TEST(OrderRequest, GivenAFullBody_ThenEveryMemberIsRead) {
    const auto draft = read(body({
        {"currency", R"("GBP")"},
        {"items", R"([{"sku":"A","quantity":1},{"sku":"A","quantity":2}])"},
        {"customer", R"({"id":"c-1","name":" Ada ","email":"a@b.c","phone":"+44 20 7946 0000"})"},
        {"shipping_address", address(R"(,"name":"N","line2":"L","region":"R","postal_code":"P")")},
        {"billing_address", address("")},
        {"expected_total", "3941"},
        {"client_reference", R"("web-1")"},
        {"notes", R"("n")"},
        {"metadata", R"({"k":"v"})"},
    }));

    ASSERT_TRUE(draft);
    EXPECT_EQ(draft->currency.code(), "GBP");
    EXPECT_EQ(draft->lines.size(), 2U);
    EXPECT_EQ(draft->customer.id, "c-1");
    EXPECT_EQ(draft->customer.name, "Ada");
    EXPECT_EQ(draft->shipping_address.postal_code, "P");
    EXPECT_EQ(draft->billing_address->city, "Bremen");
    EXPECT_EQ(draft->expected_total, 3941);
    EXPECT_EQ(draft->metadata.size(), 1U);
}

}  // namespace
}  // namespace orderflow::contract
