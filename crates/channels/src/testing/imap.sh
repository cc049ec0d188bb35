# Runs a throw-away IMAP server (Dovecot) as whoever this is, in a folder of its own, until standard input closes:
#   sh imap.sh PORT PORT_OF_TLS
# Says "ready FOLDER" once it answers. Letters are files in FOLDER/mail/new; whoever signs in has the password "secret".
set -eu
port=$1 tls=$2
umask 000
folder=$(mktemp -d /tmp/plenary-imap-XXXXXX)
chmod 755 "$folder"
me=$(id -un) group=$(id -gn)
pid=
ended() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  [ -z "$pid" ] || wait "$pid" 2>/dev/null || true
  rm -rf "$folder"
}
trap ended EXIT
trap '' HUP INT TERM

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE \
  -keyout "$folder/key.pem" -out "$folder/certificate.pem" 2>/dev/null
mkdir -p "$folder/mail/new" "$folder/mail/cur" "$folder/mail/tmp"
cat > "$folder/conf" <<END
protocols = imap
listen = 127.0.0.1
base_dir = $folder/run
state_dir = $folder/state
log_path = $folder/log
instance_name = $(basename "$folder")
default_internal_user = $me
default_internal_group = $group
default_login_user = $me
disable_plaintext_auth = no
auth_failure_delay = 0
ssl = yes
ssl_cert = <$folder/certificate.pem
ssl_key = <$folder/key.pem
ssl_min_protocol = TLSv1.2
mail_location = maildir:$folder/mail
mail_max_userip_connections = 100
mailbox_idle_check_interval = 1 secs
first_valid_uid = 1
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=$me gid=$group home=$folder
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $port
  }
  inet_listener imaps {
    port = $tls
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
END
PATH=$PATH:/usr/sbin
dovecot -F -c "$folder/conf" >"$folder/out" 2>&1 </dev/null &
pid=$!
tries=0
until [ -S "$folder/run/login/imap" ] || [ "$tries" -ge 100 ]; do
  kill -0 "$pid" 2>/dev/null || break
  tries=$((tries + 1))
  sleep 0.1
done
if ! kill -0 "$pid" 2>/dev/null; then
  cat "$folder/out" "$folder/log" 2>/dev/null || true
  exit 1
fi
echo "ready $folder"
cat >/dev/null
