// Every way in which an installation can break its promise is found, and named with its order.
#include "libs/audit/check.hpp"

#include <gtest/gtest.h>

#include "libs/audit/sound_shop_test.hpp"

namespace orderflow::audit {
namespace {

using Message = QueuedMessage::Kind;

// Exactly this kind of finding, once, at this place.
void expect_only(const Report& report, FindingKind kind, const std::string& subject) {
    EXPECT_FALSE(report.ok());
    for (std::size_t i = 0; i < finding_kinds; ++i) {
        const auto each = static_cast<FindingKind>(i);
        EXPECT_EQ(report.count(each), each == kind ? 1U : 0U) << to_string(each) << "\n" << report.to_text();
    }
    ASSERT_FALSE(report.places(kind).empty());
    EXPECT_EQ(report.places(kind).front().subject, subject);
    EXPECT_FALSE(report.places(kind).front().what.empty());
}

// At least this kind of finding at this place; a broken thing often shows in several ways.
void expect_found(const Report& report, FindingKind kind, const std::string& subject) {
    EXPECT_GT(report.count(kind), 0U) << report.to_text();
    bool named = false;
    for (const auto& place : report.places(kind)) named = named || place.subject == subject;
    EXPECT_TRUE(named) << subject << " is not named\n" << report.to_text();
}

TEST(Audit, GivenASoundShop_ThenNothingIsFoundAndTheReportSaysWhatWasSeen) {
    const auto report = SoundShop().judge();
    EXPECT_TRUE(report.ok()) << report.to_text();
    EXPECT_EQ(report.seen.attempts, 5U);
    EXPECT_EQ(report.seen.acknowledged, 4U);
    EXPECT_EQ(report.seen.stored, 4U);
    EXPECT_EQ(report.seen.settled, 4U);
    EXPECT_EQ(report.seen.charges, 2U);
    EXPECT_EQ(report.seen.refunds, 1U);
}

TEST(Audit, GivenMoreFindingsThanPlaces_ThenAllAreCounted) {
    Report report;
    for (std::size_t i = 0; i < Report::places_max + 5; ++i) report.add(FindingKind::lost, "x", "gone");
    EXPECT_EQ(report.count(FindingKind::lost), Report::places_max + 5);
    EXPECT_EQ(report.places(FindingKind::lost).size(), Report::places_max);
}

// --- lost ------------------------------------------------------------------------------------------------------------

TEST(AuditLost, GivenAnAcknowledgedOrderThatIsNotStored) {
    SoundShop shop;
    shop.snapshot.orders.pop_back();
    shop.snapshot.products[0].reserved = 1;
    expect_only(shop.judge(), FindingKind::lost, id_of(4).to_string());
}

TEST(AuditLost, GivenAnAcknowledgementWithoutAnIdAndNothingUnderItsKey) {
    SoundShop shop;
    shop.snapshot.orders.pop_back();
    shop.snapshot.products[0].reserved = 1;
    shop.attempt(shop.invoiced).order.reset();
    expect_only(shop.judge(), FindingKind::lost, "key-4");
}

TEST(AuditLost, GivenAnOrderThatNeverSettles_ThenOnlyWhenNothingIsOnItsWay) {
    SoundShop shop;
    auto& order = shop.order(shop.invoiced);
    order.status = OrderStatus::reserved;
    order.payment_status = PaymentStatus::started;
    order.events.pop_back();
    order.version = 3;
    expect_only(shop.judge(), FindingKind::lost, order.id.to_string());
    EXPECT_TRUE(shop.judge({.quiescent = false}).ok());
}

TEST(AuditLost, GivenAnUnstoredOrderThatStillWaitsInTheQueue_ThenItIsLostOnlyWhenNothingIsOnItsWay) {
    SoundShop shop;
    shop.snapshot.orders.pop_back();
    shop.snapshot.products[0].reserved = 1;
    shop.snapshot.queues = {{.name = "orders", .counter = 1, .visible = 1, .messages = {{Message::place, id_of(4)}}}};
    EXPECT_TRUE(shop.judge({.quiescent = false}).ok());
    expect_found(shop.judge(), FindingKind::lost, id_of(4).to_string());
}

TEST(AuditLost, GivenAnOrderAtRestThatIsNotFinished_ThenAMessageHasToCarryItOn) {
    SoundShop shop;
    auto& order = shop.order(shop.invoiced);
    order.status = OrderStatus::reserved;
    order.events.pop_back();
    order.version = 3;
    EXPECT_TRUE(shop.judge({.quiescent = false}).ok()) << "somebody may be at work on it";
    expect_only(shop.judge({.quiescent = false, .at_rest = true}), FindingKind::lost, order.id.to_string());

    shop.snapshot.queues = {{.name = "orders", .counter = 1, .visible = 1, .messages = {{Message::place, order.id}}}};
    EXPECT_TRUE(shop.judge({.quiescent = false, .at_rest = true}).ok());
}

TEST(AuditLost, GivenAnUnstoredOrderOfWhichAnotherMessageWaits_ThenItIsLost) {
    SoundShop shop;
    shop.snapshot.orders.pop_back();
    shop.snapshot.products[0].reserved = 1;
    for (const auto kind : {Message::cancel, Message::other}) {
        shop.snapshot.queues = {
            {.name = "orders-commands", .counter = 1, .visible = 1, .messages = {{kind, id_of(4)}}}};
        expect_only(shop.judge({.quiescent = false, .at_rest = true}), FindingKind::lost, id_of(4).to_string());
    }
}

TEST(AuditLost, GivenAnUnstoredOrderInTheDeadLetterQueue_ThenItIsThere) {
    SoundShop shop;
    shop.snapshot.orders.pop_back();
    shop.snapshot.products[0].reserved = 1;
    shop.snapshot.queues = {
        {.name = "orders-dlq", .counter = 1, .visible = 1, .messages = {{Message::place, id_of(4)}}}};
    EXPECT_TRUE(shop.judge({.quiescent = false, .at_rest = true}).ok());
}

TEST(AuditLost, GivenACancelWithoutEffectAtRest_ThenOnlyItsOwnMessageExcusesIt) {
    SoundShop shop;
    const auto id = shop.order(shop.paid).id;
    shop.attempt(shop.cancel_attempt).order = id;
    const CheckOptions at_rest{.quiescent = false, .at_rest = true, .complete = false};
    const auto with = [&](Message kind, orders::OrderId order) {
        shop.snapshot.queues = {{.name = "orders", .counter = 1, .visible = 1, .messages = {{kind, order}}}};
        return shop.judge(at_rest);
    };

    expect_only(with(Message::place, id_of(9)), FindingKind::lost, id.to_string());
    expect_only(with(Message::cancel, id_of(9)), FindingKind::lost, id.to_string());
    expect_only(with(Message::place, id), FindingKind::lost, id.to_string());
    EXPECT_TRUE(with(Message::cancel, id).ok());
    EXPECT_TRUE(shop.judge({.quiescent = false, .complete = false}).ok()) << "somebody may be at work on it";
}

TEST(AuditLost, GivenACancelThatAnOrderAtRestShows_ThenWhoCarriesTheOrderOnExcusesIt) {
    SoundShop shop;
    auto& order = shop.order(shop.cancelled);
    order.status = OrderStatus::cancelling;
    order.payment_status = PaymentStatus::refunding;
    order.holds_stock = true;
    order.events.resize(6);
    order.version = 6;
    order.postings.pop_back();
    shop.snapshot.provider.pop_back();
    shop.snapshot.products[0].reserved = 3;
    shop.snapshot.queues = {{.name = "orders", .counter = 1, .visible = 1, .messages = {{Message::place, order.id}}}};
    EXPECT_TRUE(shop.judge({.quiescent = false, .at_rest = true}).ok());
}

TEST(AuditLost, GivenAnAcknowledgedCancelWithoutEffect) {
    SoundShop shop;
    shop.attempt(shop.cancel_attempt).order = shop.order(shop.paid).id;
    const auto report = shop.judge({.complete = false});
    expect_only(report, FindingKind::lost, shop.order(shop.paid).id.to_string());
}

TEST(AuditLost, GivenACancelThatTheOrderShowsAsRefused_ThenItIsAnswered) {
    SoundShop shop;
    Attempt cancel;
    cancel.kind = AttemptKind::cancel;
    cancel.outcome = Outcome::ok;
    cancel.order = shop.order(shop.declined).id;
    shop.history.attempts.push_back(cancel);
    auto& order = shop.order(shop.declined);
    order.events.push_back({++order.version, EventType::cancel_refused});
    EXPECT_TRUE(shop.judge().ok()) << shop.judge().to_text();
}

TEST(AuditLost, GivenARefundThatKeepsFailing_ThenItsDeadLetterAccountsForIt) {
    SoundShop shop;
    auto& order = shop.order(shop.cancelled);
    order.status = OrderStatus::cancelling;
    order.payment_status = PaymentStatus::refunding;
    order.holds_stock = true;
    order.events.resize(6);
    order.version = 6;
    order.postings.pop_back();
    shop.snapshot.provider.pop_back();
    shop.snapshot.products[0].reserved = 3;
    expect_found(shop.judge(), FindingKind::lost, order.id.to_string());
    shop.snapshot.dead_letter_orders.push_back(order.id);
    EXPECT_TRUE(shop.judge().ok()) << shop.judge().to_text();
}

TEST(AuditLost, GivenATombstone_ThenTheOrderIsAccountedFor) {
    SoundShop shop;
    shop.snapshot.orders.pop_back();
    shop.snapshot.products[0].reserved = 1;
    shop.snapshot.tombstones.push_back(id_of(4));
    const auto report = shop.judge();
    EXPECT_TRUE(report.ok());
    EXPECT_EQ(report.seen.tombstones, 1U);
}

// --- doubled ---------------------------------------------------------------------------------------------------------

TEST(AuditDoubled, GivenOneKeyWithTwoStoredOrders) {
    SoundShop shop;
    auto twin = shop.order(shop.declined);
    twin.id = id_of(9);
    shop.snapshot.orders.push_back(twin);
    expect_only(shop.judge(), FindingKind::doubled, id_of(9).to_string());
}

TEST(AuditDoubled, GivenOneIdStoredTwice) {
    SoundShop shop;
    shop.snapshot.orders.push_back(shop.order(shop.declined));
    expect_found(shop.judge(), FindingKind::doubled, id_of(2).to_string());
}

TEST(AuditDoubled, GivenOneKeyAcknowledgedWithTwoIds) {
    SoundShop shop;
    auto again = shop.attempt(shop.paid);
    again.order = id_of(9);
    shop.history.attempts.push_back(again);
    expect_only(shop.judge(), FindingKind::doubled, id_of(9).to_string());
}

TEST(AuditDoubled, GivenAnEventThatHappenedTwice) {
    SoundShop shop;
    auto& order = shop.order(shop.paid);
    order.events.push_back({++order.version, EventType::order_confirmed});
    expect_found(shop.judge(), FindingKind::doubled, order.id.to_string());
}

TEST(AuditDoubled, GivenAnEffectThatIsBookedTwice) {
    SoundShop shop;
    auto& order = shop.order(shop.paid);
    order.postings.push_back(order.postings.front());
    expect_only(shop.judge(), FindingKind::doubled, order.id.to_string());
}

TEST(AuditDoubled, GivenTheSameKeyAndAnswerAgain_ThenItIsARepetition) {
    SoundShop shop;
    shop.history.attempts.push_back(shop.attempt(shop.paid));
    EXPECT_TRUE(shop.judge().ok());
}

TEST(AuditDoubled, GivenTwoRefundsOfOneOrder) {
    SoundShop shop;
    auto again = shop.snapshot.provider.back();
    again.key = "refund-2";
    shop.snapshot.provider.push_back(again);
    expect_found(shop.judge(), FindingKind::doubled, shop.order(shop.cancelled).id.to_string());
}

// --- phantom ---------------------------------------------------------------------------------------------------------

TEST(AuditPhantom, GivenAnOrderThatNobodyAskedFor_ThenOnlyWhenTheHistoryIsComplete) {
    SoundShop shop;
    shop.history.attempts.erase(shop.history.attempts.begin());
    expect_only(shop.judge(), FindingKind::phantom, id_of(1).to_string());
    EXPECT_TRUE(shop.judge({.complete = false}).ok());
}

TEST(AuditPhantom, GivenAnOrderThatWasRefused) {
    SoundShop shop;
    auto& attempt = shop.attempt(shop.paid);
    attempt.outcome = Outcome::refused;
    attempt.order.reset();
    expect_only(shop.judge(), FindingKind::phantom, id_of(1).to_string());
}

TEST(AuditPhantom, GivenAnOutcomeThatIsUnknown_ThenTheOrderMayBeThereOrNot) {
    SoundShop shop;
    auto& attempt = shop.attempt(shop.invoiced);
    attempt.outcome = Outcome::unknown;
    attempt.order.reset();
    EXPECT_TRUE(shop.judge().ok());
    EXPECT_EQ(shop.judge().seen.unknown, 1U);
    shop.snapshot.orders.pop_back();
    shop.snapshot.products[0].reserved = 1;
    EXPECT_TRUE(shop.judge().ok());
}

TEST(AuditPhantom, GivenOtherLinesThanAskedFor) {
    SoundShop shop;
    shop.attempt(shop.declined).lines[0].quantity = 7;
    expect_only(shop.judge(), FindingKind::phantom, id_of(2).to_string());
}

TEST(AuditPhantom, GivenTheSameKeyWithOtherContentThatWasRefused_ThenItsContentDoesNotCount) {
    SoundShop shop;
    auto other = shop.attempt(shop.declined);
    other.outcome = Outcome::refused;
    other.lines[0].quantity = 7;
    other.order.reset();
    shop.history.attempts.push_back(other);
    EXPECT_TRUE(shop.judge().ok());
    shop.order(shop.declined).asked[0].quantity = 7;
    shop.order(shop.declined).lines[0].quantity = 7;
    expect_found(shop.judge(), FindingKind::phantom, id_of(2).to_string());
}

TEST(AuditPhantom, GivenABadOrderThatWasAcknowledged) {
    SoundShop shop;
    Attempt bad;
    bad.kind = AttemptKind::bad;
    bad.outcome = Outcome::ok;
    bad.key = "bad-1";
    shop.history.attempts.push_back(bad);
    expect_found(shop.judge(), FindingKind::phantom, "bad-1");
}

TEST(AuditPhantom, GivenACancelThatNobodyAskedFor) {
    SoundShop shop;
    shop.history.attempts.erase(shop.history.attempts.begin() + static_cast<std::ptrdiff_t>(shop.cancel_attempt));
    expect_only(shop.judge(), FindingKind::phantom, id_of(3).to_string());

    shop.order(shop.cancelled).cancelled_by_time = true;
    EXPECT_TRUE(shop.judge().ok());
}

// --- oversold --------------------------------------------------------------------------------------------------------

TEST(AuditOversold, GivenStockThatNoOrderHolds) {
    SoundShop shop;
    shop.snapshot.products[0].reserved = 3;
    expect_only(shop.judge(), FindingKind::oversold, "PEN");
}

TEST(AuditOversold, GivenMoreReservedThanThereIs) {
    SoundShop shop;
    shop.snapshot.products[0].start = shop.snapshot.products[0].on_hand = 1;
    expect_only(shop.judge(), FindingKind::oversold, "PEN");
}

TEST(AuditOversold, GivenATombstone_ThenItsGoodsMayHaveLeftAndNoneHaveCome) {
    SoundShop shop;
    shop.snapshot.tombstones.push_back(id_of(9));
    shop.snapshot.products[0].on_hand = 8;
    EXPECT_TRUE(shop.judge().ok());
    shop.snapshot.products[0].on_hand = 11;
    expect_only(shop.judge(), FindingKind::oversold, "PEN");
}

TEST(AuditOversold, GivenGoodsThatLeftTheWarehouseWithoutAnOrder) {
    SoundShop shop;
    shop.snapshot.products[0].on_hand = 8;
    expect_only(shop.judge(), FindingKind::oversold, "PEN");
}

TEST(AuditOversold, GivenAProductThatIsNotThere) {
    SoundShop shop;
    shop.snapshot.products.clear();
    expect_only(shop.judge(), FindingKind::oversold, "PEN");
}

TEST(AuditOversold, GivenACompletedOrder_ThenWhatItHeldHasLeft) {
    SoundShop shop;
    auto& order = shop.order(shop.paid);
    order.status = OrderStatus::completed;
    order.holds_stock = false;
    order.shipped = order.asked;
    order.events.push_back({++order.version, EventType::fulfillment_created});
    order.events.push_back({++order.version, EventType::order_completed});
    shop.snapshot.products[0] = {"PEN", 10, 9, 1};
    EXPECT_TRUE(shop.judge().ok()) << shop.judge().to_text();

    order.shipped.clear();
    shop.snapshot.products[0].on_hand = 10;
    expect_only(shop.judge(), FindingKind::illegal_history, id_of(1).to_string());
}

TEST(AuditOversold, GivenMoreShippedThanOrdered) {
    SoundShop shop;
    auto& order = shop.order(shop.paid);
    order.shipped = {{"PEN", 1}, {"PEN", 1}};
    order.events.push_back({++order.version, EventType::fulfillment_created});
    expect_found(shop.judge(), FindingKind::oversold, id_of(1).to_string());
}

// --- double charges --------------------------------------------------------------------------------------------------

TEST(AuditDoubleCharged, GivenTwoCapturesOfOneOrder) {
    SoundShop shop;
    auto again = shop.snapshot.provider.front();
    again.key = "charge-2";
    shop.snapshot.provider.push_back(again);
    expect_found(shop.judge(), FindingKind::double_charged, id_of(1).to_string());
}

// --- money -----------------------------------------------------------------------------------------------------------

TEST(AuditMoney, GivenATotalThatIsNotTheSum) {
    SoundShop shop;
    shop.order(shop.invoiced).total += 1;
    expect_only(shop.judge(), FindingKind::money_mismatch, id_of(4).to_string());
}

TEST(AuditMoney, GivenTaxesOfLinesThatDoNotAddUp) {
    SoundShop shop;
    shop.order(shop.invoiced).lines[0].tax += 1;
    expect_only(shop.judge(), FindingKind::money_mismatch, id_of(4).to_string());
}

TEST(AuditMoney, GivenAmountsThatDoNotFit_ThenItIsFoundAndNotUndefined) {
    SoundShop shop;
    shop.order(shop.invoiced).lines[0].unit_price = std::numeric_limits<std::int64_t>::max();
    shop.order(shop.invoiced).lines[0].tax = 2;
    shop.order(shop.invoiced).tax = 2;
    expect_only(shop.judge(), FindingKind::money_mismatch, id_of(4).to_string());
}

TEST(AuditMoney, GivenPricedLinesThatAreNotWhatWasAskedFor) {
    SoundShop shop;
    auto& order = shop.order(shop.declined);
    order.lines[0].quantity = 2;
    order.total += SoundShop::price;
    expect_only(shop.judge(), FindingKind::money_mismatch, id_of(2).to_string());
}

TEST(AuditMoney, GivenACaptureThatIsNotBooked) {
    SoundShop shop;
    shop.order(shop.paid).postings.clear();
    expect_only(shop.judge(), FindingKind::money_mismatch, id_of(1).to_string());
}

TEST(AuditMoney, GivenARefundThatIsNotBooked) {
    SoundShop shop;
    shop.order(shop.cancelled).postings.pop_back();
    expect_only(shop.judge(), FindingKind::money_mismatch, id_of(3).to_string());
}

TEST(AuditMoney, GivenAPostingOfAnotherAmount) {
    SoundShop shop;
    shop.order(shop.paid).postings[0].amount -= 1;
    expect_only(shop.judge(), FindingKind::money_mismatch, id_of(1).to_string());
}

TEST(AuditMoney, GivenAPostingBetweenOtherAccounts) {
    SoundShop shop;
    shop.order(shop.cancelled).postings.push_back({"extra", "cash", "sales", SoundShop::total});
    expect_only(shop.judge(), FindingKind::money_mismatch, id_of(3).to_string());
}

TEST(AuditMoney, GivenAConfirmedOrderThatTheProviderNeverCharged) {
    SoundShop shop;
    shop.snapshot.provider.erase(shop.snapshot.provider.begin());
    expect_found(shop.judge(), FindingKind::money_mismatch, id_of(1).to_string());
}

TEST(AuditMoney, GivenACardOrderThatWasConfirmedAndNeverCharged) {
    SoundShop shop;
    for (const auto mode : {orders::PaymentMode::token, orders::PaymentMode::preauthorized}) {
        shop.order(shop.invoiced).payment_mode = mode;
        expect_only(shop.judge(), FindingKind::money_mismatch, id_of(4).to_string());
    }
}

TEST(AuditMoney, GivenACardOrderThatCostsNothing_ThenNothingIsOwed) {
    SoundShop shop;
    auto& order = shop.order(shop.invoiced);
    order.payment_mode = orders::PaymentMode::token;
    order.discount = order.total;
    order.total = 0;
    EXPECT_TRUE(shop.judge().ok()) << shop.judge().to_text();
}

TEST(AuditMoney, GivenAProviderWhoseLedgerIsNotKnown_ThenOnlyTheBooksAreJudged) {
    SoundShop shop;
    shop.snapshot.provider.clear();
    shop.snapshot.provider_is_known = false;
    EXPECT_TRUE(shop.judge().ok());

    shop.order(shop.paid).postings.clear();
    EXPECT_FALSE(shop.judge().ok());
}

TEST(AuditMoney, GivenAnotherAmountAtTheProvider) {
    SoundShop shop;
    shop.snapshot.provider[0].amount -= 1;
    expect_found(shop.judge(), FindingKind::money_mismatch, id_of(1).to_string());
}

TEST(AuditMoney, GivenAnotherCurrencyAtTheProvider) {
    SoundShop shop;
    shop.snapshot.provider[0].currency = "USD";
    expect_only(shop.judge(), FindingKind::money_mismatch, id_of(1).to_string());
}

TEST(AuditMoney, GivenACancelledOrderWhoseMoneyIsKept) {
    SoundShop shop;
    shop.snapshot.provider.pop_back();
    expect_only(shop.judge(), FindingKind::money_mismatch, id_of(3).to_string());
}

TEST(AuditMoney, GivenARejectedOrderThatWasCharged) {
    SoundShop shop;
    for (auto& effect : shop.snapshot.provider) effect.state = EffectState::captured;
    shop.snapshot.provider.back().state = EffectState::refunded;
    expect_only(shop.judge(), FindingKind::money_mismatch, id_of(2).to_string());
}

TEST(AuditMoney, GivenAChargeForAnOrderThatIsNotStored) {
    SoundShop shop;
    auto stray = shop.snapshot.provider.front();
    stray.order = id_of(9);
    shop.snapshot.provider.push_back(stray);
    expect_only(shop.judge(), FindingKind::money_mismatch, id_of(9).to_string());
}

TEST(AuditMoney, GivenASoldOrderWhosePaymentIsOpen) {
    SoundShop shop;
    shop.order(shop.invoiced).payment_status = PaymentStatus::started;
    expect_only(shop.judge(), FindingKind::money_mismatch, id_of(4).to_string());
}

// --- histories -------------------------------------------------------------------------------------------------------

TEST(AuditHistory, GivenAGapInTheVersions) {
    SoundShop shop;
    shop.order(shop.paid).events.back().version += 1;
    shop.order(shop.paid).version += 1;
    expect_only(shop.judge(), FindingKind::illegal_history, id_of(1).to_string());
}

TEST(AuditHistory, GivenAnEventThatMayNotCome) {
    SoundShop shop;
    auto& order = shop.order(shop.declined);
    order.events.push_back({++order.version, EventType::order_resumed});
    expect_only(shop.judge(), FindingKind::illegal_history, id_of(2).to_string());
}

TEST(AuditHistory, GivenAnOrderThatIsNotWhereItsEventsLead) {
    SoundShop shop;
    shop.order(shop.invoiced).status = OrderStatus::completed;
    expect_found(shop.judge(), FindingKind::illegal_history, id_of(4).to_string());
}

TEST(AuditHistory, GivenAnOrderAheadOfItsEvents) {
    SoundShop shop;
    shop.order(shop.invoiced).version += 1;
    expect_only(shop.judge(), FindingKind::illegal_history, id_of(4).to_string());
}

TEST(AuditHistory, GivenStockThatItsEventsDoNotReserve) {
    SoundShop shop;
    shop.order(shop.declined).holds_stock = true;
    shop.snapshot.products[0].reserved = 3;
    expect_only(shop.judge(), FindingKind::illegal_history, id_of(2).to_string());
}

// --- queues ----------------------------------------------------------------------------------------------------------

TEST(AuditQueue, GivenACounterThatIsNotWhatIsThere) {
    SoundShop shop;
    shop.snapshot.queues.push_back({.name = "orders-dlq", .counter = 1});
    expect_only(shop.judge(), FindingKind::queue_mismatch, "orders-dlq");
}

TEST(AuditQueue, GivenAMessageThatWentNowhere) {
    SoundShop shop;
    shop.snapshot.queues[0].flow->sent += 1;
    expect_only(shop.judge(), FindingKind::queue_mismatch, "orders");
}

TEST(AuditQueue, GivenMessagesAfterEverythingHasEnded_ThenOnlyWhenNothingIsOnItsWay) {
    SoundShop shop;
    shop.snapshot.queues = {{.name = "orders", .counter = 3, .visible = 1, .in_flight = 1, .delayed = 1}};
    expect_only(shop.judge(), FindingKind::queue_mismatch, "orders");
    EXPECT_TRUE(shop.judge({.quiescent = false}).ok());
}

}  // namespace
}  // namespace orderflow::audit
