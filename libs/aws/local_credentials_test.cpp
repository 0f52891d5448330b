// Credentials of the environment and of the shared files, the region, and the order of the places.
#include "libs/aws/local_credentials.hpp"

#include <sys/stat.h>

#include <fstream>

#include "libs/aws/credential_chain.hpp"
#include "libs/aws/credential_rig.hpp"
#include "libs/aws/shared_config.hpp"
#include "libs/aws/system_file_reader.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::aws {
namespace {

class LocalCredentials : public CredentialRig {
  protected:
    LocalCredentials() { environment["HOME"] = "/home/u"; }
    EnvironmentCredentials in_environment{surroundings};
    ProfileCredentials in_profile{surroundings};
};

TEST_F(LocalCredentials, GivenTheVariables_WhenFetched_ThenTheyAreTheCredentials) {
    environment["AWS_ACCESS_KEY_ID"] = "AKIA";
    environment["AWS_SECRET_ACCESS_KEY"] = "HUSH";
    EXPECT_EQ(fetched(in_environment), "AKIA/HUSH/");
    environment["AWS_SESSION_TOKEN"] = "T";
    EXPECT_EQ(fetched(in_environment), "AKIA/HUSH/T");
    EXPECT_EQ(last.origin, "environment");
    EXPECT_FALSE(last.expires_at);
}

TEST_F(LocalCredentials, GivenVariablesAreMissingOrEmpty_WhenFetched_ThenItSaysSo) {
    EXPECT_EQ(fetched(in_environment), "credentials.not_configured");
    environment["AWS_ACCESS_KEY_ID"] = "";
    EXPECT_EQ(fetched(in_environment), "credentials.not_configured");
    environment["AWS_SECRET_ACCESS_KEY"] = "HUSH";
    EXPECT_EQ(fetched(in_environment), "credentials.incomplete");
    environment["AWS_SECRET_ACCESS_KEY"] = "";
    environment["AWS_ACCESS_KEY_ID"] = "AKIA";
    EXPECT_EQ(fetched(in_environment), "credentials.incomplete");
}

TEST_F(LocalCredentials, GivenFilesAsPeopleWriteThem_WhenFetched_ThenTheProfileIsRead) {
    files.texts["/home/u/.aws/credentials"] =
        "# mine\r\n[default]\r\naws_access_key_id = AKIA\r\naws_secret_access_key=HUSH=/+ ; old\r\n\r\n"
        "[ other ]\nAWS_Access_Key_Id = B\naws_secret_access_key = C\naws_session_token = D\n";
    EXPECT_EQ(fetched(in_profile), "AKIA/HUSH=/+/");
    EXPECT_EQ(last.origin, "profile default");
    environment["AWS_PROFILE"] = "other";
    EXPECT_EQ(fetched(in_profile), "B/C/D");
}

TEST_F(LocalCredentials, GivenBothFiles_WhenFetched_ThenTheKeyPairOfTheCredentialsFileIsTakenWhole) {
    files.texts["/c/config"] =
        "[profile x]\naws_access_key_id = A\naws_secret_access_key = B\naws_session_token = T\nregion = eu-west-1\n"
        "s3 =\n  max_concurrent_requests = 20\n  not a setting\n[x]\nregion = none\n";
    environment["AWS_CONFIG_FILE"] = "/c/config";
    environment["AWS_SHARED_CREDENTIALS_FILE"] = "~/keys";
    environment["AWS_PROFILE"] = "x";
    EXPECT_EQ(fetched(in_profile), "A/B/T");

    files.texts["/home/u/keys"] = "[x]\naws_access_key_id = C\naws_secret_access_key = D\n";
    EXPECT_EQ(fetched(in_profile), "C/D/") << "without the token of the other pair";
    EXPECT_EQ(configured_region(surroundings), "eu-west-1");
}

TEST_F(LocalCredentials, GivenNoFilesOrNoHome_WhenFetched_ThenNotConfigured) {
    EXPECT_EQ(fetched(in_profile), "credentials.not_configured");
    environment.erase("HOME");
    EXPECT_EQ(fetched(in_profile), "credentials.not_configured");
}

TEST_F(LocalCredentials, GivenAProfileThatIsNotThere_WhenFetched_ThenItIsNamed) {
    files.texts["/home/u/.aws/credentials"] = "[default]\naws_access_key_id = A\naws_secret_access_key = HUSH\n";
    environment["AWS_PROFILE"] = "production";
    EXPECT_EQ(fetched(in_profile), "credentials.profile_missing");
    EXPECT_TRUE(detail.contains("production"));
}

TEST_F(LocalCredentials, GivenHalfAPair_WhenFetched_ThenIncomplete) {
    files.texts["/home/u/.aws/credentials"] = "[default]\naws_secret_access_key = HUSH\n";
    EXPECT_EQ(fetched(in_profile), "credentials.incomplete");
    files.texts["/home/u/.aws/credentials"] = "[default]\naws_access_key_id = A\naws_secret_access_key =\n";
    EXPECT_EQ(fetched(in_profile), "credentials.incomplete");
}

TEST_F(LocalCredentials, GivenAProfileThatWantsMore_WhenFetched_ThenUnsupportedAndNotSomebodyElse) {
    for (const std::string name : {"role_arn", "sso_session", "credential_process"}) {
        files.texts["/home/u/.aws/config"] = "[default]\n" + name + " = x\n";
        EXPECT_EQ(fetched(in_profile), "credentials.unsupported");
        EXPECT_TRUE(detail.contains(name));
    }
}

TEST_F(LocalCredentials, GivenAFileThatCannotBeRead_WhenFetched_ThenItsPathIsSaid) {
    files.forbidden = "/home/u/.aws/credentials";
    EXPECT_EQ(fetched(in_profile), "credentials.unreadable");
    EXPECT_TRUE(detail.contains("/home/u/.aws/credentials: Permission denied"));
}

TEST_F(LocalCredentials, GivenAFileThatIsDamaged_WhenFetched_ThenTheLineIsSaidAndNotItsText) {
    for (const std::string text : {"[default]\nHUSH\n", "[default\naws_secret_access_key = HUSH\n",
                                   "aws_secret_access_key = HUSH\n[default]\n", "[default]\n= HUSH\n"}) {
        files.texts["/home/u/.aws/credentials"] = text;
        EXPECT_EQ(fetched(in_profile), "credentials.malformed") << text;
        EXPECT_TRUE(detail.contains("/home/u/.aws/credentials, line ")) << detail;
    }
}

TEST_F(LocalCredentials, GivenTheRegionInMoreThanOnePlace_WhenAskedFor_ThenTheEnvironmentWins) {
    EXPECT_EQ(configured_region(surroundings), "");
    files.texts["/home/u/.aws/config"] = "[default]\nregion = a\n";
    EXPECT_EQ(configured_region(surroundings), "a");
    environment["AWS_DEFAULT_REGION"] = "b";
    EXPECT_EQ(configured_region(surroundings), "b");
    environment["AWS_REGION"] = "c";
    EXPECT_EQ(configured_region(surroundings), "c");
}

TEST_F(LocalCredentials, GivenSeveralPlaces_WhenTheChainIsAsked_ThenTheFirstThatIsSetUpDecides) {
    auto chain = standard_chain(surroundings);
    files.texts["/home/u/.aws/credentials"] = "[default]\naws_access_key_id = A\naws_secret_access_key = B\n";
    environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/creds";
    EXPECT_EQ(fetched(chain), "A/B/");
    environment["AWS_ACCESS_KEY_ID"] = "AKIA";
    environment["AWS_SECRET_ACCESS_KEY"] = "HUSH";
    EXPECT_EQ(fetched(chain), "AKIA/HUSH/");
    EXPECT_TRUE(servers.asked.empty());
}

TEST_F(LocalCredentials, GivenAPlaceThatIsSetUpFails_WhenTheChainIsAsked_ThenNoOtherIsTaken) {
    auto chain = standard_chain(surroundings);
    environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/creds";
    servers.replies["PUT http://169.254.169.254:80/latest/api/token"] = {200, "token"};
    EXPECT_EQ(fetched(chain), "credentials.unavailable");
    EXPECT_EQ(servers.asked, std::vector<std::string>{"GET http://169.254.170.2:80/creds"});
}

TEST_F(LocalCredentials, GivenNoPlaceIsSetUp_WhenTheChainIsAsked_ThenItSaysWhatEachLacks) {
    auto chain = standard_chain(surroundings);
    environment["AWS_EC2_METADATA_DISABLED"] = "true";
    EXPECT_EQ(fetched(chain), "credentials.not_configured");
    for (const auto* const name : {"AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "profile default",
                                   "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_EC2_METADATA_DISABLED"}) {
        EXPECT_TRUE(detail.contains(name)) << detail;
    }
    EXPECT_TRUE(servers.asked.empty());
}

TEST(SystemFileReader, GivenFilesOfEachKind_WhenRead_ThenTextOrAReason) {
    const TempDir folder;
    SystemFileReader reader;
    const auto path = folder / "file";
    std::ofstream(path) << "HUSH text";
    const auto code_of = [&](const std::string& file, std::size_t bytes_max) {
        const auto text = reader.read(file, bytes_max);
        return text ? *text : text.error().code();
    };

    EXPECT_EQ(code_of(path, 9), "HUSH text");
    EXPECT_EQ(code_of(path, 8), "file.unreadable");
    EXPECT_EQ(code_of(folder / "none", 10), "file.missing");
    EXPECT_EQ(code_of(path + "/below", 10), "file.missing");
    EXPECT_EQ(code_of(folder.path().string(), 10), "file.unreadable");
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(code_of(folder / "pipe", 10), "file.unreadable");
    EXPECT_FALSE(reader.read(path, 8).error().detail().contains("HUSH"));
}

}  // namespace
}  // namespace orderflow::aws
