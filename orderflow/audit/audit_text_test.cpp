#include "orderflow/audit/audit_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/json/parse.hpp"

namespace orderflow {
namespace {

using audit::FindingKind;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

const std::vector<FindingKind> kinds{FindingKind::lost,
                                     FindingKind::doubled,
                                     FindingKind::phantom,
                                     FindingKind::oversold,
                                     FindingKind::double_charged,
                                     FindingKind::money_mismatch,
                                     FindingKind::illegal_history,
                                     FindingKind::queue_mismatch};

TEST(AuditText, GivenASoundInstallation_ThenEveryLineIsThereAndZero) {
    audit::Report report;
    report.seen.acknowledged = 12;

    const auto text = audit_text({.data = "data"}, report);

    for (const auto kind : kinds) EXPECT_THAT(text, ContainsRegex(std::string(to_string(kind)) + " +0 "));
    EXPECT_THAT(text, HasSubstr("12 orders acknowledged"));
    EXPECT_THAT(text, HasSubstr("\nsound"));
}

TEST(AuditText, GivenFindings_ThenTheyAreCountedAndNamed) {
    audit::Report report;
    for (int i = 0; i < 25; ++i) report.add(FindingKind::lost, "ord_" + std::to_string(i), "it is gone");
    report.add(FindingKind::oversold, "PC-SHARP", "too much");

    const auto text = audit_text({.data = "data", .notes = {"a note"}}, report);

    EXPECT_THAT(text, ContainsRegex("lost +25 "));
    EXPECT_THAT(text, HasSubstr("  ord_0: it is gone\n"));
    EXPECT_THAT(text, HasSubstr("  and 5 more\n"));
    EXPECT_THAT(text, HasSubstr("  PC-SHARP: too much\n"));
    EXPECT_THAT(text, HasSubstr("note: a note\n"));
    EXPECT_THAT(text, HasSubstr("NOT SOUND: 26 findings\n"));
}

TEST(AuditJson, ThenItIsOneLineWithCountsAndPlaces) {
    audit::Report report;
    report.add(FindingKind::double_charged, "ord_1", "it was charged twice");
    report.seen.settled = 9;

    const auto text = audit_json({.data = "data", .waiting = 3, .notes = {"a \"note\""}}, report);

    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
    const auto document = json::parse(text, {.bytes = 1 << 16}).value();
    EXPECT_EQ(document.find("sound")->boolean(), false);
    for (const auto kind : kinds) {
        EXPECT_EQ(document.find(to_string(kind))->number()->to_int64(), kind == FindingKind::double_charged ? 1 : 0);
    }
    EXPECT_EQ(document.find("seen")->find("settled")->number()->to_int64(), 9);
    EXPECT_EQ(document.find("waiting")->number()->to_int64(), 3);
    const auto& finding = (*document.find("findings")->array())[0];
    EXPECT_EQ(*finding.find("kind")->string(), "double_charged");
    EXPECT_EQ(*finding.find("subject")->string(), "ord_1");
    EXPECT_EQ(*(*document.find("notes")->array())[0].string(), "a \"note\"");
}

}  // namespace
}  // namespace orderflow
