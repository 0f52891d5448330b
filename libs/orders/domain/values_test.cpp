// Values that cannot be invalid: ids, SKUs, fingerprints, currencies, countries, money.
#include <gtest/gtest.h>

#include <limits>

#include "libs/orders/domain/country.hpp"
#include "libs/orders/domain/event.hpp"
#include "libs/orders/domain/ids.hpp"
#include "libs/orders/domain/money.hpp"
#include "libs/orders/domain/status.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::orders {
namespace {

constexpr auto biggest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

TEST(OrderId, GivenRandomBytes_WhenPrintedAndParsed_ThenTheyAreTheSame) {
    const std::uint64_t seed = 20260101;
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededEntropy entropy(seed);
    for (int i = 0; i < 1000; ++i) {
        OrderId::Bytes bytes{};
        entropy.fill(bytes);
        const OrderId id(bytes);

        const auto text = id.to_string();
        const auto parsed = OrderId::parse(text);

        ASSERT_EQ(text.size(), OrderId::text_size);
        ASSERT_TRUE(parsed.has_value()) << text;
        ASSERT_EQ(*parsed, id);
    }
}

TEST(OrderId, GivenUpperCaseDigits_WhenParsed_ThenTheyMeanTheSame) {
    const auto lower = OrderId::parse("ord_7zzzzzzzzzzzzzzzzzzzzzzzzz");
    const auto upper = OrderId::parse("ord_7ZZZZZZZZZZZZZZZZZZZZZZZZZ");

    ASSERT_TRUE(lower.has_value());
    EXPECT_EQ(lower, upper);
    EXPECT_EQ(lower->to_string(), "ord_7zzzzzzzzzzzzzzzzzzzzzzzzz");
}

TEST(OrderId, GivenAnyOtherText_WhenParsed_ThenThereIsNoId) {
    for (const auto* text :
         {"", "ord_", "7zzzzzzzzzzzzzzzzzzzzzzzzz", "ord_7zzzzzzzzzzzzzzzzzzzzzzzz", "ord_7zzzzzzzzzzzzzzzzzzzzzzzzzz",
          "ORD_7zzzzzzzzzzzzzzzzzzzzzzzzz", "ord_8zzzzzzzzzzzzzzzzzzzzzzzzz", "ord_0000000000000000000000000l",
          "ord_0000000000000000000000000i", "ord_0000000000000000000000000o", "ord_0000000000000000000000000u",
          "ord_0000000000000000000000000 ", " ord_000000000000000000000000000", "ord_0000000000000-000000000000"}) {
        EXPECT_FALSE(OrderId::parse(text).has_value()) << text;
    }
}

TEST(OrderId, GivenTwoIds_WhenTheirEffectsAreNamed_ThenEachNameIsItsOwn) {
    const auto one = OrderId::parse("ord_00000000000000000000000001").value();
    const auto two = OrderId::parse("ord_00000000000000000000000002").value();

    EXPECT_EQ(charge_effect(one).value, "ord_00000000000000000000000001:charge");
    EXPECT_NE(charge_effect(one), charge_effect(two));
    EXPECT_NE(charge_effect(one), refund_effect(one));
}

TEST(Fingerprint, GivenHex_WhenParsed_ThenOnly64LowerCaseDigitsAreOne) {
    const std::string hex = "00ff" + std::string(60, 'a');

    const auto parsed = Fingerprint::from_hex(hex);

    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->to_hex(), hex);
    EXPECT_FALSE(Fingerprint::from_hex(hex.substr(1)).has_value());
    EXPECT_FALSE(Fingerprint::from_hex(std::string(64, 'A')).has_value());
    EXPECT_FALSE(Fingerprint::from_hex(std::string(64, 'g')).has_value());
}

TEST(Sku, GivenText_WhenParsed_ThenOnly1To64PlainCharactersAreOne) {
    EXPECT_EQ(Sku::parse("A-1_b.2").value().value(), "A-1_b.2");
    EXPECT_TRUE(Sku::parse(std::string(64, 'x')).has_value());
    EXPECT_FALSE(Sku::parse(std::string(65, 'x')).has_value());
    for (const auto* text : {"", " ", "a b", "a/b", "tasse-\xC3\xBC", "a\nb", "a'b"}) {
        EXPECT_FALSE(Sku::parse(text).has_value()) << text;
    }
}

TEST(Currency, GivenIso4217Codes_WhenParsed_ThenTheirExponentIsKnown) {
    EXPECT_EQ(Currency::parse("EUR").value().exponent(), 2);
    EXPECT_EQ(Currency::parse("AED").value().exponent(), 2);
    EXPECT_EQ(Currency::parse("ZWG").value().exponent(), 2);
    EXPECT_EQ(Currency::parse("JPY").value().exponent(), 0);
    EXPECT_EQ(Currency::parse("KWD").value().exponent(), 3);
    EXPECT_EQ(Currency::parse("CLF").value().exponent(), 4);
    EXPECT_EQ(Currency::parse("EUR").value().code(), "EUR");
}

TEST(Currency, GivenAnythingElse_WhenParsed_ThenThereIsNone) {
    for (const auto* code : {"", "E", "EU", "EURO", "eur", "Eur", "XXX", "AAA", "ED ", " ED", "D A", "978", "XAU"}) {
        EXPECT_FALSE(Currency::parse(code).has_value()) << code;
    }
}

TEST(Country, GivenIso3166Codes_WhenParsed_ThenOnlyAssignedOnesAreCountries) {
    for (const auto* code : {"AD", "DE", "GB", "US", "ZW", "AX"}) EXPECT_TRUE(Country::parse(code).has_value()) << code;
    for (const auto* code : {"", "D", "DEU", "de", "UK", "XX", "ZZ", "EU", "E ", " D", "D1"}) {
        EXPECT_FALSE(Country::parse(code).has_value()) << code;
    }
}

TEST(CheckedArithmetic, GivenResultsThatFit_WhenComputed_ThenTheyAreExact) {
    EXPECT_EQ(checked_add(biggest - 1, 1), biggest);
    EXPECT_EQ(checked_sub(smallest + 1, 1), smallest);
    EXPECT_EQ(checked_mul(-3, 4), -12);
    EXPECT_EQ(checked_mul(biggest, 1), biggest);
}

TEST(CheckedArithmetic, GivenResultsThatDoNotFit_WhenComputed_ThenThereIsNone) {
    EXPECT_FALSE(checked_add(biggest, 1).has_value());
    EXPECT_FALSE(checked_add(smallest, -1).has_value());
    EXPECT_FALSE(checked_sub(smallest, 1).has_value());
    EXPECT_FALSE(checked_mul(biggest, 2).has_value());
    EXPECT_FALSE(checked_mul(smallest, -1).has_value());
}

TEST(ShareOf, GivenBasisPoints_WhenComputed_ThenHalvesGoUp) {
    EXPECT_EQ(share_of(100, 1900), 19);
    EXPECT_EQ(share_of(1, 5000), 1);
    EXPECT_EQ(share_of(1, 4999), 0);
    EXPECT_EQ(share_of(0, 1900), 0);
    EXPECT_EQ(share_of(biggest, 10'000), biggest);
    EXPECT_FALSE(share_of(biggest, 10'001).has_value());
}

TEST(Names, GivenEveryStatusAndEvent_WhenPrintedAndParsed_ThenTheyAreTheSame) {
    for (int i = 0; i <= static_cast<int>(OrderStatus::on_hold); ++i) {
        const auto status = static_cast<OrderStatus>(i);
        EXPECT_FALSE(to_string(status).empty());
        EXPECT_EQ(parse_order_status(to_string(status)), status);
    }
    for (int i = 0; i < event_type_count; ++i) {
        const auto type = static_cast<EventType>(i);
        EXPECT_FALSE(to_string(type).empty());
        EXPECT_EQ(parse_event_type(to_string(type)), type);
    }
    EXPECT_FALSE(parse_order_status("Confirmed").has_value());
    EXPECT_FALSE(parse_event_type("").has_value());
}

TEST(StatusTable, GivenATerminalStatus_WhenAsked_ThenNothingFollows) {
    for (int from = 0; from <= static_cast<int>(OrderStatus::on_hold); ++from) {
        const auto status = static_cast<OrderStatus>(from);
        bool any = false;
        for (int to = 0; to <= static_cast<int>(OrderStatus::on_hold); ++to) {
            any |= may_follow(status, static_cast<OrderStatus>(to));
        }
        EXPECT_EQ(any, !is_terminal(status)) << to_string(status);
        EXPECT_FALSE(may_follow(status, status)) << to_string(status);
    }
    EXPECT_TRUE(is_settled(OrderStatus::confirmed));
    EXPECT_FALSE(is_settled(OrderStatus::cancelling));
    EXPECT_FALSE(is_settled(OrderStatus::on_hold));
}

TEST(EffectKeys, GivenAKey_WhenReadBack_ThenOnlyItsTwoFormsAreOfAnOrder) {
    const auto id = OrderId::parse("ord_00000000000000000000000007").value();

    EXPECT_EQ(order_of(charge_effect(id)), id);
    EXPECT_EQ(order_of(refund_effect(id)), id);
    const auto text = id.to_string();
    for (const auto& other :
         {text, text + ":", text + ":charge2", text + ":void", std::string("ord_:charge"), std::string()}) {
        EXPECT_EQ(order_of(EffectKey{other}), std::nullopt) << other;
    }
}

}  // namespace
}  // namespace orderflow::orders
