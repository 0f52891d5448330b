#include "libs/testing/postgres_server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

extern char** environ;

namespace orderflow {

namespace {

namespace fs = std::filesystem;

constexpr int look_again_ms = 10;
constexpr int looks_max = 6000;  // 60 s

// The newest that Debian's packages have put there, else where the PATH says.
std::string find_bin() {
    std::vector<std::string> found;
    std::error_code ignored;
    for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
        if (fs::exists(version.path() / "bin" / "initdb")) found.push_back((version.path() / "bin/").string());
    }
    return found.empty() ? std::string() : *std::ranges::max_element(found);
}

pid_t spawn(const std::vector<std::string>& words, const std::string& output, int flags) {
    std::vector<char*> pointers;
    for (const auto& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | flags, 0644);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    pid_t pid = -1;
    const int failed = ::posix_spawnp(&pid, pointers[0], &files, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) throw std::runtime_error("cannot run " + words[0]);
    return pid;
}

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

void run(const std::vector<std::string>& words, const std::string& output) {
    int status = 0;
    ::waitpid(spawn(words, output, O_TRUNC), &status, 0);
    if (status != 0) throw std::runtime_error(words[0] + " failed: " + text_of(output));
}

}  // namespace

PostgresServer::PostgresServer() : bin_(find_bin()) {
    if (::geteuid() == 0) {
        const auto* user = ::getpwnam("postgres");
        if (user == nullptr) user = ::getpwnam("nobody");
        if (user == nullptr) throw std::runtime_error("there is no user that PostgreSQL could run as");
        user_ = user->pw_name;
        if (::chown(dir_.path().c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown");
    }
    // The socket is reached by whoever knows the name of the directory; `trust` lets them in as the superuser alone.
    auto words = as_its_user();
    for (const auto& word :
         {bin_ + "initdb", std::string("-D"), dir_ / "data", std::string("-U"), std::string("superuser"),
          std::string("--auth=trust"), std::string("--no-sync"), std::string("--data-checksums"),
          std::string("--locale=C"), std::string("-E"), std::string("UTF8")}) {
        words.push_back(word);
    }
    run(words, dir_ / "initdb.log");
    std::ofstream(dir_ / "data/pg_hba.conf") << "local all superuser trust\nlocal all all scram-sha-256\n";
    start();
    sql("CREATE ROLE shopper LOGIN PASSWORD 'right'");
}

PostgresServer::~PostgresServer() { kill(); }

// Ends with this thread, also when the test is killed.
std::vector<std::string> PostgresServer::as_its_user() const {
    std::vector<std::string> words{"setpriv", "--pdeathsig=KILL"};
    if (!user_.empty()) {
        const auto* user = ::getpwnam(user_.c_str());
        words.push_back("--reuid=" + std::to_string(user->pw_uid));
        words.push_back("--regid=" + std::to_string(user->pw_gid));
        words.emplace_back("--clear-groups");
    }
    return words;
}

// After kill() it may find the shared memory of its children, which are just ending: then it is started once more.
void PostgresServer::start() {
    auto words = as_its_user();
    for (const auto& word :
         {bin_ + "postgres", std::string("-D"), dir_ / "data", std::string("-k"), dir_.path().string(),
          std::string("-c"), std::string("listen_addresses="), std::string("-c"), std::string("fsync=on"),
          std::string("-c"), std::string("max_connections=40"), std::string("-c"), std::string("shared_buffers=16MB"),
          std::string("-c"), std::string("autovacuum=off")}) {
        words.push_back(word);
    }
    pid_ = spawn(words, dir_ / "server.log", O_APPEND);
    for (int looks = 0; looks < looks_max; ++looks) {
        ::poll(nullptr, 0, look_again_ms);
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) pid_ = spawn(words, dir_ / "server.log", O_APPEND);
        if (is_ready()) return;
    }
    throw std::runtime_error("PostgreSQL does not start: " + text_of(dir_ / "server.log"));
}

// The server itself writes its state to the eighth line of its lock file.
bool PostgresServer::is_ready() const {
    std::ifstream file(dir_ / "data/postmaster.pid");
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        if (number == 1 && line != std::to_string(pid_)) return false;
        if (number == 8) return line.starts_with("ready");
    }
    return false;
}

void PostgresServer::kill() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

std::string PostgresServer::socket_url(const std::string& login) const {
    const auto name = "t" + std::to_string(namespaces_);
    return "postgresql://" + login + "@/postgres?host=" + dir_.path().string() + "&options=-csearch_path%3D" + name;
}

std::string PostgresServer::url() {
    ++namespaces_;
    sql("CREATE SCHEMA t" + std::to_string(namespaces_));
    return socket_url("superuser");
}

std::string PostgresServer::url_as(const std::string& user, const std::string& password) const {
    return socket_url(user + ":" + password);
}

std::string PostgresServer::sql(const std::string& text) const {
    const auto output = dir_ / "psql.log";
    run({bin_ + "psql", socket_url("superuser"), "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-c", text}, output);
    return text_of(output);
}

}  // namespace orderflow
