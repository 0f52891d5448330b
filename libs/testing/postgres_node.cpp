#include "libs/testing/postgres_node.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <utility>

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
    posix_spawnattr_t group;  // of its own: Ctrl-C is for whoever started it
    posix_spawnattr_init(&group);
    posix_spawnattr_setflags(&group, POSIX_SPAWN_SETPGROUP);
    pid_t pid = -1;
    const int failed = ::posix_spawnp(&pid, pointers[0], &files, &group, pointers.data(), environ);
    posix_spawnattr_destroy(&group);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) throw std::runtime_error("cannot run " + words[0]);
    return pid;
}

std::string text_of(const fs::path& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

void run(const std::vector<std::string>& words, const std::string& output) {
    int status = 0;
    ::waitpid(spawn(words, output, O_TRUNC), &status, 0);
    if (status != 0) throw std::runtime_error(words[0] + " failed: " + text_of(output));
}

// Of a process that was not waited for yet, as /proc/<pid>/stat says: the fourth word, behind the name in parentheses.
pid_t parent_of(const fs::path& process) {
    const auto stat = text_of(process / "stat");
    const auto behind_name = stat.rfind(')');
    if (behind_name == std::string::npos) return -1;
    std::istringstream words(stat.substr(behind_name + 1));
    std::string state;
    pid_t parent = -1;
    words >> state >> parent;
    return parent;
}

std::vector<pid_t> children_of(pid_t pid) {
    std::vector<pid_t> children;
    std::error_code unreadable;
    for (const auto& process : fs::directory_iterator("/proc", unreadable)) {
        const auto name = process.path().filename().string();
        if (!std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) continue;
        if (parent_of(process.path()) == pid) children.push_back(static_cast<pid_t>(std::stol(name)));
    }
    return children;
}

}  // namespace

PostgresNode::PostgresNode(PostgresNodeOptions options)
    : directory_(std::move(options.directory)),
      port_(options.port),
      settings_(std::move(options.settings)),
      bin_(find_bin()) {
    if (::geteuid() != 0) return;
    const auto* user = ::getpwnam("postgres");
    if (user == nullptr) user = ::getpwnam("nobody");
    if (user == nullptr) throw std::runtime_error("there is no user that PostgreSQL could run as");
    user_ = user->pw_name;
    own(directory_);
}

PostgresNode::~PostgresNode() { kill(); }

void PostgresNode::own(const fs::path& path) const {
    if (user_.empty()) return;
    const auto* user = ::getpwnam(user_.c_str());
    if (::chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown " + path.string());
}

// Ends with this thread, also when the test is killed.
std::vector<std::string> PostgresNode::as_its_user() const {
    std::vector<std::string> words{"setpriv", "--pdeathsig=KILL"};
    if (!user_.empty()) {
        const auto* user = ::getpwnam(user_.c_str());
        words.push_back("--reuid=" + std::to_string(user->pw_uid));
        words.push_back("--regid=" + std::to_string(user->pw_gid));
        words.emplace_back("--clear-groups");
    }
    return words;
}

void PostgresNode::run_as_its_user(const std::vector<std::string>& words) const {
    auto all = as_its_user();
    all.insert(all.end(), words.begin(), words.end());
    run(all, (directory_ / "tool.log").string());
}

void PostgresNode::make(const std::string& password) {
    const auto secret = write_file("password", password + "\n");
    run_as_its_user({bin_ + "initdb", "-D", (directory_ / "data").string(), "-U", "superuser", "--auth=trust",
                     "--pwfile=" + secret, "--no-sync", "--data-checksums", "--locale=C", "-E", "UTF8"});
    // The socket is reached by whoever knows the name of the directory; `trust` lets them in as the superuser alone.
    std::ofstream(directory_ / "data/pg_hba.conf") << "local all superuser trust\nlocal all all scram-sha-256\n"
                                                      "host all all 127.0.0.1/32 scram-sha-256\n"
                                                      "host replication superuser 127.0.0.1/32 scram-sha-256\n";
}

void PostgresNode::make_standby_of(const PostgresNode& primary, const std::string& password) {
    fs::remove_all(directory_ / "data");
    run_as_its_user({bin_ + "pg_basebackup", "-D", (directory_ / "data").string(), "-R", "-X", "stream", "--no-sync",
                     "--checkpoint=fast", "-d",
                     "host=127.0.0.1 port=" + std::to_string(primary.port_) + " user=superuser password=" + password});
}

void PostgresNode::copy_database_to(const PostgresNode& other) const {
    const auto file = (directory_ / "database.dump").string();
    run_as_its_user({bin_ + "pg_dump", "--format=custom", "--file=" + file, url()});
    run_as_its_user({bin_ + "pg_restore", "--exit-on-error", "--dbname=" + other.url(), file});
}

// After kill() it may find the shared memory of its children, which are just ending: then it is started once more.
void PostgresNode::start() {
    auto words = as_its_user();
    for (const auto& word : {bin_ + "postgres", std::string("-D"), (directory_ / "data").string(), std::string("-k"),
                             directory_.string()}) {
        words.push_back(word);
    }
    std::vector<std::string> settings{"listen_addresses=", "fsync=on", "max_connections=40", "shared_buffers=16MB",
                                      "autovacuum=off"};
    if (port_ != 0) settings.insert(settings.end(), {"listen_addresses=127.0.0.1", "port=" + std::to_string(port_)});
    settings.insert(settings.end(), settings_.begin(), settings_.end());
    for (const auto& setting : settings) words.insert(words.end(), {"-c", setting});
    const auto output = (directory_ / "server.log").string();
    pid_ = spawn(words, output, O_APPEND);
    for (int looks = 0; looks < looks_max; ++looks) {
        ::poll(nullptr, 0, look_again_ms);
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) pid_ = spawn(words, output, O_APPEND);
        if (is_ready()) return;
    }
    throw std::runtime_error("PostgreSQL does not start: " + log());
}

// The server itself writes its state to the eighth line of its lock file.
bool PostgresNode::is_ready() const {
    std::ifstream file(directory_ / "data/postmaster.pid");
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        if (number == 1 && line != std::to_string(pid_)) return false;
        if (number == 8) return line.starts_with("ready");
    }
    return false;
}

void PostgresNode::reap() {
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

void PostgresNode::kill() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    reap();
}

// It is stopped first, so that no child is born meanwhile.
void PostgresNode::kill_all() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGSTOP);
    for (const auto child : children_of(pid_)) ::kill(child, SIGKILL);
    kill();
}

void PostgresNode::stop_immediately() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGQUIT);
    reap();
}

void PostgresNode::promote() { sql("SELECT pg_promote(true, 60)"); }

std::string PostgresNode::url() const {
    const auto port = port_ == 0 ? std::string() : "&port=" + std::to_string(port_);
    return "postgresql://superuser@/postgres?host=" + directory_.string() + port;
}

std::string PostgresNode::log() const { return text_of(directory_ / "server.log"); }

void PostgresNode::allow(const std::string& lines) const {
    const auto file = directory_ / "data/pg_hba.conf";
    const auto before = text_of(file);
    std::ofstream(file) << lines << before;
}

std::string PostgresNode::write_file(const std::string& name, const std::string& content) const {
    const auto path = directory_ / name;
    std::ofstream(path) << content;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    own(path);
    return path.string();
}

std::string PostgresNode::sql(const std::string& text, const std::string& options) const {
    const auto output = (directory_ / "psql.log").string();
    std::vector<std::string> words;
    if (!options.empty()) words = {"env", "PGOPTIONS=" + options};
    for (const auto& word :
         {bin_ + "psql", url(), std::string("-X"), std::string("-q"), std::string("-t"), std::string("-A"),
          std::string("-v"), std::string("ON_ERROR_STOP=1"), std::string("-c"), text}) {
        words.push_back(word);
    }
    run(words, output);
    return text_of(output);
}

}  // namespace orderflow
