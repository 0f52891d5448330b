#include "programs/installation.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "libs/testing/temp_dir.hpp"

namespace orderflow {
namespace {

class InstallationTest : public ::testing::Test {
  protected:
    void SetUp() override {
        for (const auto* name : {"secrets", "queue.db", "orders.db"}) std::ofstream(dir.path() / name) << "x";
    }
    static crypto::Secrets secrets(int fill) {
        crypto::Secrets result;
        result.id_secret = crypto::SecretBytes(32, static_cast<std::byte>(fill));
        result.tag_keys = {crypto::SecretBytes(32, std::byte{9})};
        return result;
    }

    TempDir dir;
    Installation installation{dir.path() / "installation",
                              {dir.path() / "secrets", dir.path() / "queue.db", dir.path() / "orders.db"}};
};

TEST_F(InstallationTest, GivenAFirstStartThatWasCutOff_WhenStartedAgain_ThenWhatIsMissingMayBeMade) {
    std::filesystem::remove(dir.path() / "orders.db");

    EXPECT_TRUE(installation.check_parts());
    EXPECT_TRUE(installation.check_secrets(secrets(1)));
}

TEST_F(InstallationTest, GivenASealedInstallation_WhenAnyPartIsLost_ThenItIsNamedAndNothingStarts) {
    ASSERT_TRUE(installation.seal(secrets(1)));

    for (const auto* name : {"secrets", "queue.db", "orders.db"}) {
        std::filesystem::rename(dir.path() / name, dir.path() / "away");
        const auto checked = installation.check_parts();
        ASSERT_FALSE(checked) << name;
        EXPECT_EQ(checked.error().code(), "installation.incomplete");
        EXPECT_NE(checked.error().detail().find(name), std::string::npos);
        std::filesystem::rename(dir.path() / "away", dir.path() / name);
    }
    EXPECT_TRUE(installation.check_parts());
}

TEST_F(InstallationTest, GivenASealedInstallation_WhenAPartIsEmpty_ThenItIsLostAsWell) {
    ASSERT_TRUE(installation.seal(secrets(1)));

    std::filesystem::resize_file(dir.path() / "queue.db", 0);

    const auto checked = installation.check_parts();
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code(), "installation.incomplete");
    EXPECT_NE(checked.error().detail().find("queue.db is empty, and"), std::string::npos) << checked.error().detail();
}

TEST_F(InstallationTest, GivenOtherSecrets_WhenChecked_ThenTheyAreRefusedAndASecondSealChangesNothing) {
    ASSERT_TRUE(installation.seal(secrets(1)));
    ASSERT_TRUE(installation.seal(secrets(2)));

    EXPECT_TRUE(installation.check_secrets(secrets(1)));
    const auto checked = installation.check_secrets(secrets(2));
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code(), "installation.other_secrets");
}

TEST_F(InstallationTest, GivenAGrownRingOfTagKeys_WhenChecked_ThenItIsTheSameInstallation) {
    ASSERT_TRUE(installation.seal(secrets(1)));
    auto grown = secrets(1);
    grown.tag_keys.emplace_back(32, std::byte{7});

    EXPECT_TRUE(installation.check_secrets(grown));
}

// The services on a directory, one after the other.
class SealedByServices : public InstallationTest {
  protected:
    void SetUp() override {
        InstallationTest::SetUp();
        std::ofstream(dir.path() / "payments-simulated.db") << "x";
    }
    WorkerFiles owned() const { return {dir.path() / "orders.db", dir.path() / "payments-simulated.db"}; }
};

TEST_F(SealedByServices, GivenAPaymentProviderElsewhere_WhenChecked_ThenNoLedgerIsMissed) {
    const WorkerFiles without_ledger{dir.path() / "orders.db", std::nullopt};
    ASSERT_TRUE(worker_installation(dir.path(), without_ledger).seal());
    std::filesystem::remove(dir.path() / "payments-simulated.db");

    EXPECT_TRUE(worker_installation(dir.path(), without_ledger).check_parts());
    EXPECT_FALSE(worker_installation(dir.path(), owned()).check_parts());
}

TEST_F(SealedByServices, GivenEachService_WhenItsPartIsLost_ThenItIsNamedAndWhatToDo) {
    ASSERT_TRUE(queue_installation(dir.path()).seal());
    ASSERT_TRUE(worker_installation(dir.path(), owned()).seal());
    ASSERT_TRUE(api_installation(dir.path()).seal(secrets(1)));

    for (const auto* name : {"secrets", "queue.db", "orders.db", "payments-simulated.db"}) {
        const bool api = std::string_view(name) == "secrets";
        const bool queue = std::string_view(name) == "queue.db";
        std::filesystem::rename(dir.path() / name, dir.path() / "away");
        EXPECT_EQ(queue_installation(dir.path()).check_parts().has_value(), !queue) << name;
        EXPECT_EQ(api_installation(dir.path()).check_parts().has_value(), !api) << name;
        EXPECT_EQ(worker_installation(dir.path(), owned()).check_parts().has_value(), api || queue) << name;
        EXPECT_FALSE(check_all_parts(dir.path(), owned())) << name << ": orderflow looks at all";
        std::filesystem::rename(dir.path() / "away", dir.path() / name);
    }
    EXPECT_TRUE(check_all_parts(dir.path(), owned()));

    EXPECT_TRUE(worker_installation(dir.path(), {std::nullopt, std::nullopt}).check_parts())
        << "a store that is no file is no part of it";

    std::filesystem::remove(dir.path() / "queue.db");
    const auto detail = queue_installation(dir.path()).check_parts().error().detail();
    EXPECT_NE(detail.find("remove " + (dir.path() / "installation-queue").string()), std::string::npos) << detail;
}

TEST_F(SealedByServices, GivenADirectoryOfOrderflow_WhenAServiceStarts_ThenItHeedsItsSeal) {
    ASSERT_TRUE(whole_installation(dir.path(), owned()).seal(secrets(1)));
    EXPECT_FALSE(api_installation(dir.path()).check_secrets(secrets(2)));
    EXPECT_TRUE(api_installation(dir.path()).check_secrets(secrets(1)));

    std::filesystem::remove(dir.path() / "queue.db");

    EXPECT_FALSE(queue_installation(dir.path()).check_parts());
    EXPECT_TRUE(worker_installation(dir.path(), owned()).check_parts());
}

}  // namespace
}  // namespace orderflow
