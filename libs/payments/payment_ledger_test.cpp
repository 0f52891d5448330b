#include "libs/payments/payment_ledger.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "libs/testing/order_samples.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::payments {
namespace {

namespace samples = orders::samples;

ProviderEffect effect(std::uint32_t order) {
    const auto id = samples::order_id(order);
    return {orders::charge_effect(id), EffectKind::charge, id, orders::Money(2500, samples::eur()), samples::at(1)};
}

void store(PaymentLedger& ledger, ProviderEffect& row) {
    auto transaction = ledger.begin();
    ASSERT_TRUE(transaction.has_value());
    ASSERT_TRUE(ledger.save(row).has_value());
    ASSERT_TRUE(transaction->commit().has_value());
}

TEST(PaymentLedger, GivenEffects_WhenSavedAndChanged_ThenTheyAreReadBackAsTheyAre) {
    const TempDir dir;
    auto ledger = PaymentLedger::open(dir / "payments.db").value();
    auto one = effect(1);
    auto two = effect(2);
    two.reference = "simulated/ref-1";
    two.state = orders::EffectState::captured;
    store(ledger, one);
    store(ledger, two);

    one.state = orders::EffectState::declined;
    one.code = "card-declined";
    one.calls = 3;
    store(ledger, one);

    EXPECT_EQ(ledger.find(one.key).value(), one);
    EXPECT_EQ(ledger.captured_by_reference("simulated/ref-1").value(), two);
    EXPECT_EQ(ledger.captured_by_reference("simulated/ref-2").value(), std::nullopt);
    EXPECT_EQ(ledger.list(0, 10).value(), (std::vector{one, two}));
    EXPECT_EQ(ledger.list(one.number, 10).value(), std::vector{two});
    EXPECT_EQ(ledger.list(0, 1).value(), std::vector{one});
}

TEST(PaymentLedger, GivenATransactionThatWasNotCommitted_WhenOpenedAgain_ThenItsRowsAreNotThere) {
    const TempDir dir;
    auto row = effect(1);
    {
        auto ledger = PaymentLedger::open(dir / "payments.db").value();
        auto transaction = ledger.begin();
        ASSERT_TRUE(ledger.save(row).has_value());
    }

    auto ledger = PaymentLedger::open(dir / "payments.db").value();

    EXPECT_EQ(ledger.find(row.key).value(), std::nullopt);
}

TEST(PaymentLedger, GivenARowThatWasChangedBehindItsBack_WhenRead_ThenItIsReportedAsDamage) {
    const TempDir dir;
    auto row = effect(1);
    {
        auto ledger = PaymentLedger::open(dir / "payments.db").value();
        store(ledger, row);
    }
    {
        auto database = sqlite::Database::open(dir / "payments.db", {}).value();
        ASSERT_TRUE(database.execute("UPDATE effects SET amount = amount + 1").has_value());
    }
    auto ledger = PaymentLedger::open(dir / "payments.db").value();

    const auto found = ledger.find(row.key);

    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().code(), "disk.corrupt");
}

TEST(ScanLedger, GivenALedgerAtRest_ThenEveryEffectIsVisitedAndTheFileStaysAsItIs) {
    const TempDir dir;
    auto one = effect(1);
    auto two = effect(2);
    {
        auto ledger = PaymentLedger::open(dir / "payments.db").value();
        store(ledger, one);
        store(ledger, two);
    }
    const auto written = std::filesystem::last_write_time(dir / "payments.db");
    std::vector<ProviderEffect> visited;

    ASSERT_TRUE(scan_ledger(dir / "payments.db", [&](const ProviderEffect& each) { visited.push_back(each); }));

    EXPECT_EQ(visited, (std::vector{one, two}));
    EXPECT_EQ(std::filesystem::last_write_time(dir / "payments.db"), written);
}

TEST(ScanLedger, GivenARowThatWasChangedBehindItsBack_ThenItIsReportedAsDamage) {
    const TempDir dir;
    auto row = effect(1);
    {
        auto ledger = PaymentLedger::open(dir / "payments.db").value();
        store(ledger, row);
    }
    ASSERT_TRUE(sqlite::Database::open(dir / "payments.db", {}).value().execute("UPDATE effects SET amount = 1"));

    const auto scanned = scan_ledger(dir / "payments.db", [](const ProviderEffect&) {});

    ASSERT_FALSE(scanned);
    EXPECT_EQ(scanned.error().code(), "disk.corrupt");
}

TEST(PaymentLedger, GivenAnOpenLedger_WhenOpenedASecondTime_ThenItIsInUse) {
    const TempDir dir;
    const auto first = PaymentLedger::open(dir / "payments.db");

    const auto second = PaymentLedger::open(dir / "payments.db");

    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code(), "data_dir.in_use");
}

}  // namespace
}  // namespace orderflow::payments
