// Goal: a copy that `orderflow backup` makes of a running installation holds every order that was acknowledged before
// it began, `orderflow restore` brings it back whole or says why not, and what runs on it loses and doubles nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "libs/sqlite/data_dir_lock.hpp"
#include "libs/testing/temp_dir.hpp"
#include "orderflow/backup/manifest.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

struct Ended {
    int code = 0;
    std::string text;  // stdout
    std::string errors;
};

Ended run(const Words& words, const ServerProcess::Settings& settings = {}) {
    ServerProcess process(settings, {}, words);
    const int code = process.wait(std::chrono::seconds(100));
    return {code, process.stdout_text(), process.stderr_text()};
}

ServerProcess::Settings on(const fs::path& data) {
    return {{"ORDERFLOW_DATA_DIR", data.string()}, {"ORDERFLOW_LOG_LEVEL", "error"}, {"ORDERFLOW_DRAIN_SECONDS", "5"}};
}

Ended backup(const fs::path& data, const fs::path& to) { return run({"backup", to.string(), "--data", data.string()}); }
Ended check(const fs::path& directory) { return run({"backup", "--check", directory.string()}); }
Ended restore(const fs::path& from, const fs::path& data) {
    return run({"restore", from.string(), "--data", data.string()});
}

std::string key_of(int i) { return "backup-test-key-" + std::to_string(i); }

unsigned mode_of(const fs::path& file) {
    struct stat seen{};
    EXPECT_EQ(::stat(file.c_str(), &seen), 0) << file;
    return seen.st_mode & 0777U;
}

// One small installation with its backup, for all tests that break something in a copy of it.
class ABackup : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        original = new TempDir;
        ServerProcess server(on(original->path() / "data"));
        const ShopClient shop(server.wait_until_ready());
        for (int i = 0; i < 20; ++i) {
            const auto placed = shop.post_order(key_of(i), order_body({{"NB-A5-DOT", 1}}));
            shop.wait_until_settled(placed.text("id"));
        }
        made = new Ended(backup(original->path() / "data", original->path() / "backup"));
        server.terminate();
        server.wait();
    }
    static void TearDownTestSuite() {
        delete made;
        delete original;
    }
    ABackup() { fs::copy(original->path() / "backup", copy, fs::copy_options::recursive); }

    // Both find it, and restore leaves nothing behind.
    void expect_refused(const std::string& code, const std::string& names = "") const {
        const auto checked = check(copy);
        EXPECT_EQ(checked.code, 1) << checked.text;
        EXPECT_THAT(checked.errors, AllOf(HasSubstr(code), HasSubstr(names)));
        const auto restored = restore(copy, data);
        EXPECT_EQ(restored.code, 1) << restored.text;
        EXPECT_THAT(restored.errors, AllOf(HasSubstr(code), HasSubstr(names)));
        EXPECT_FALSE(fs::exists(data));
    }
    void edit_manifest(const std::function<void(Manifest&)>& edit) const {
        auto manifest = read_manifest(copy).value();
        edit(manifest);
        ASSERT_TRUE(write_manifest(copy, manifest));
    }

    static inline TempDir* original = nullptr;
    static inline Ended* made = nullptr;
    TempDir dir;
    fs::path copy = dir.path() / "backup";
    fs::path data = dir.path() / "data";
};

TEST_F(ABackup, GivenABitThatFlipped_ThenItIsRefusedAndTheFileIsNamed) {
    for (const auto* name : {"orders.db", "queue.db", "secrets"}) {
        std::fstream file(copy / name, std::ios::in | std::ios::out | std::ios::binary);
        file.seekg(static_cast<std::streamoff>(fs::file_size(copy / name) / 2));
        const auto byte = static_cast<char>(file.peek() ^ 1);
        file.put(byte);
        file.close();

        expect_refused("backup.damaged", name);

        fs::copy_file(original->path() / "backup" / name, copy / name, fs::copy_options::overwrite_existing);
    }
    EXPECT_EQ(check(copy).code, 0);
}

TEST_F(ABackup, GivenAMissingFile_ThenItIsRefusedAndNamed) {
    fs::remove(copy / "payments-simulated.db");

    expect_refused("backup.missing_file", "payments-simulated.db");
}

TEST_F(ABackup, GivenOneThatWasCutOffBeforeItsManifest_ThenItIsNoBackup) {
    fs::remove(copy / "manifest.json");

    expect_refused("backup.incomplete", "manifest.json");
}

TEST_F(ABackup, GivenAFileOfAnotherBackupWithAManifestThatFits_ThenTheAuditSeesIt) {
    const auto earlier = dir.path() / "earlier";
    {
        ServerProcess server(on(dir.path() / "other"));
        server.wait_until_ready();
        ASSERT_EQ(backup(dir.path() / "other", earlier).code, 0);
    }
    fs::copy_file(earlier / "payments-simulated.db", copy / "payments-simulated.db",
                  fs::copy_options::overwrite_existing);
    const auto foreign = *read_manifest(earlier).value().find("payments-simulated.db");
    edit_manifest([&](Manifest& manifest) {
        std::ranges::replace_if(manifest.parts, [&](const auto& part) { return part.name == foreign.name; }, foreign);
    });

    expect_refused("backup.not_sound", "the provider took nothing");
}

TEST_F(ABackup, GivenATargetThatIsNotEmpty_ThenNothingIsTouched) {
    fs::create_directory(data);
    std::ofstream(data / "orders.db") << "precious";

    const auto restored = restore(copy, data);

    EXPECT_EQ(restored.code, 1);
    EXPECT_THAT(restored.errors, HasSubstr("restore.target_not_empty"));
    EXPECT_EQ(fs::file_size(data / "orders.db"), 8U);

    const auto again = backup(original->path() / "data", copy);
    EXPECT_EQ(again.code, 1);
    EXPECT_THAT(again.errors, HasSubstr("backup.target_not_empty"));
    EXPECT_EQ(check(copy).code, 0) << "the backup that was there stays";
}

TEST_F(ABackup, GivenARestoreThatWasCutOff_WhenStarted_ThenTheProgramRefusesUntilItIsDoneAgain) {
    ASSERT_EQ(restore(copy, data).code, 0);
    for (const auto* name : {"orders.db", "secrets"}) fs::remove(data / name);  // as if it had died before them

    ServerProcess server(on(data));

    EXPECT_EQ(server.wait(), 1);
    EXPECT_THAT(server.stderr_text(), HasSubstr("installation.incomplete"));
    EXPECT_THAT(restore(copy, data).errors, HasSubstr("restore.target_not_empty"));
}

TEST_F(ABackup, GivenADirectoryOfSomebodyElse_ThenItIsLeftAsItWas) {
    const auto theirs = dir.path() / "theirs";
    fs::create_directory(theirs);
    fs::permissions(theirs, fs::perms(0755));
    std::ofstream(theirs / "file") << "precious";

    EXPECT_EQ(backup(original->path() / "data", theirs).code, 1);
    EXPECT_EQ(restore(copy, theirs).code, 1);
    EXPECT_EQ(restore(copy, copy).code, 1);

    EXPECT_EQ(mode_of(theirs), 0755U);
    EXPECT_EQ(std::distance(fs::directory_iterator(theirs), {}), 1);
    EXPECT_FALSE(fs::exists(copy / "lock"));
}

TEST_F(ABackup, GivenAnotherBackupThatIsUnderWayThere_ThenItIsNotDisturbed) {
    const auto to = dir.path() / "to";
    fs::create_directory(to);
    const auto other = sqlite::DataDirLock::acquire((to / "lock").string());
    ASSERT_TRUE(other);

    const auto second = backup(original->path() / "data", to);

    EXPECT_EQ(second.code, 1);
    EXPECT_THAT(second.errors, HasSubstr("data_dir.in_use"));
    EXPECT_TRUE(fs::exists(to / "lock"));
}

TEST_F(ABackup, GivenABackupThatFails_ThenTheDirectoryThatItMadeIsGone) {
    const auto to = dir.path() / "to";

    EXPECT_EQ(backup(dir.path() / "none", to).code, 1);

    EXPECT_FALSE(fs::exists(to));
}

TEST_F(ABackup, GivenSettingsOfAnotherStore_ThenTheyAreRefused) {
    const auto restored = run({"restore", copy.string(), "--data", data.string()},
                              {{"DATABASE_URL", "postgresql://shop@127.0.0.1:1/shop"}});

    EXPECT_EQ(restored.code, 1);
    EXPECT_THAT(restored.errors, HasSubstr("restore.other_store"));
}

TEST_F(ABackup, GivenNoInstallationOrAWrongCommandLine_ThenNothingIsMade) {
    const auto none = backup(dir.path() / "none", dir.path() / "to");
    EXPECT_EQ(none.code, 1);
    EXPECT_THAT(none.errors, HasSubstr("backup.no_installation"));
    EXPECT_FALSE(fs::exists(dir.path() / "none"));

    EXPECT_EQ(run({"backup"}).code, 2);
    EXPECT_EQ(run({"restore", copy.string(), "--no-such-option"}).code, 2);
}

TEST_F(ABackup, WhenRestored_ThenItIsTheInstallationWithItsSecretsAndOrders) {
    EXPECT_EQ(made->code, 0) << made->errors;
    for (const auto& file : fs::directory_iterator(copy))
        EXPECT_EQ(mode_of(original->path() / "backup" / file.path().filename()), 0600U);
    EXPECT_EQ(mode_of(original->path() / "backup"), 0700U);

    const auto restored = restore(copy, data);

    EXPECT_EQ(restored.code, 0) << restored.errors;
    EXPECT_THAT(restored.text, HasSubstr("20 orders, 20 of them settled, 0 messages waiting"));
    ServerProcess server(on(data));
    const ShopClient shop(server.wait_until_ready());
    for (int i = 0; i < 20; ++i) {
        const auto again = shop.post_order(key_of(i), order_body({{"NB-A5-DOT", 1}}));
        EXPECT_EQ(again.fields.at("idempotent-replayed"), "true") << "the id secret and the order came back";
    }
}

TEST(ABackupUnderLoad, GivenKillNineAfterwards_WhenRestored_ThenAllThatWasAcknowledgedBeforeIsThereOnce) {
    const TempDir dir;
    const auto data = dir.path() / "data";
    std::map<std::string, std::string> acknowledged;  // key -> id
    int replayed = 0;
    {
        ServerProcess server(on(data));
        const auto port = server.wait_until_ready();
        ServerProcess load(
            {}, {},
            {"load", "--url", "http://127.0.0.1:" + std::to_string(port), "--orders", "100000", "--rate", "300"});
        const ShopClient shop(port);
        for (int round = 0; round < 3; ++round) {
            for (int i = 0; i < 40; ++i) {
                const auto key = key_of(round * 1000 + i);
                acknowledged[key] = shop.post_order(key, order_body({{"NB-A5-DOT", 1}})).text("id");
            }
            const auto made = backup(data, dir.path() / ("backup-" + std::to_string(round)));
            ASSERT_EQ(made.code, 0) << made.errors;
        }
        server.kill();
        load.kill();
    }
    const auto restored = restore(dir.path() / "backup-2", dir.path() / "restored");
    ASSERT_EQ(restored.code, 0) << restored.errors;
    {
        ServerProcess server(on(dir.path() / "restored"));
        const ShopClient shop(server.wait_until_ready());
        for (const auto& [key, id] : acknowledged) {
            EXPECT_NE(shop.wait_until_settled(id), "on_hold") << "it is there, and comes to its end";
            const auto again = shop.post_order(key, order_body({{"NB-A5-DOT", 1}}));
            EXPECT_EQ(again.text("id"), id);
            replayed += static_cast<int>(again.fields.contains("idempotent-replayed"));
        }
        server.terminate();
        EXPECT_EQ(server.wait(), 0) << server.stderr_text();
    }
    EXPECT_EQ(replayed, 120);
    const auto audited = run({"audit", "--data", (dir.path() / "restored").string()});
    EXPECT_EQ(audited.code, 0) << audited.text;
}

// The moment at which it is killed varies with the machine; whatever was reached, there is no manifest.
TEST(ABackupThatIsKilled, LeavesNothingThatIsTakenForABackup) {
    const TempDir dir;
    const auto data = dir.path() / "data";
    ServerProcess server(on(data));
    server.wait_until_ready();
    const auto to = dir.path() / "to";
    for (int i = 0; i < 200; ++i) {
        fs::remove_all(to);
        ServerProcess cut({}, {}, {"backup", to.string(), "--data", data.string()});
        while (!cut.ended() && !fs::exists(to / "secrets")) {
        }
        cut.kill();
        if (!fs::exists(to) || fs::exists(to / "manifest.json")) continue;  // too early, or too late
        const auto checked = check(to);
        EXPECT_EQ(checked.code, 1);
        EXPECT_THAT(checked.errors, HasSubstr("backup.incomplete"));
        EXPECT_THAT(restore(to, dir.path() / "restored").errors, HasSubstr("backup.incomplete"));
        return;
    }
    FAIL() << "it was never met on its way";
}

}  // namespace
}  // namespace orderflow::e2e
