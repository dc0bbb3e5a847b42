# shellcheck shell=sh
# Reads the entries of archives that apt uses, in both of its formats.

# own_entry prints the machine's own entry of Debian's main archive with the
# suite changed. Options such as Signed-By stay as they are. An archive whose
# path says "debian" goes before others.
own_entry() {
	for strict in 1 0; do
		for file in "$apt_folder/sources.list" "$apt_folder/sources.list.d"/*.list "$apt_folder/sources.list.d"/*.sources; do
			[ -r "$file" ] || continue
			case $file in
			*.sources) entry_of_sources "$file" "$strict" ;;
			*) entry_of_list "$file" "$strict" ;;
			esac
		done
	done | awk '/^$/ { exit } { print }'
}

# Both readers print an empty line after an entry, where own_entry stops. Names of
# releases count as suites always; "stable" and the like, which other archives use
# too, only where the path says "debian".
suite_rules='
	function ours(uri, suite, components,    n) {
		if (uri ~ /^cdrom:/ || (" " components " ") !~ / main /) return 0
		n = uri ~ /\/debian(\/|$)/
		if (suite ~ /^(buster|bullseye|bookworm|forky|sid)$/) return n || !strict
		return n && suite ~ /^(oldoldstable|oldstable|stable|testing|unstable)$/
	}'

# entry_of_list FILE STRICT reads lines "deb [options] URI suite components".
entry_of_list() {
	awk -v strict="$2" -v new="$fallback_suite" "$suite_rules"'
		{ sub(/#.*/, "") }
		$1 == "deb" {
			options = ""; i = 2
			if ($2 ~ /^\[/) {
				while (i <= NF) { options = options $i " "; if ($(i++) ~ /\]$/) break }
			}
			components = ""
			for (j = i + 2; j <= NF; j++) components = components $j " "
			if (ours($i, $(i + 1), components)) { print "deb " options $i " " new " main\n"; exit }
		}' "$1"
}

# entry_of_sources FILE STRICT reads paragraphs of fields, where a line that
# begins with a space continues the field before it.
entry_of_sources() {
	sed 's/^[[:space:]]*$//; /^#/d' "$1" | awk -v strict="$2" -v new="$fallback_suite" "$suite_rules"'
		BEGIN { RS = ""; FS = "\n" }
		{
			kept = ""; name = ""
			types = suites = components = uris = enabled = ""
			for (i = 1; i <= NF; i++) {
				value = $i
				if ($i !~ /^[ \t]/) {
					name = tolower($i); sub(/[ \t]*:.*/, "", name)
					sub(/^[^:]*:[ \t]*/, "", value)
				}
				if (name == "types") types = types " " value
				else if (name == "suites") suites = suites " " value
				else if (name == "components") components = components " " value
				else if (name == "enabled") enabled = tolower(value)
				else {
					kept = kept $i "\n"
					if (name == "uris") uris = uris " " value
				}
			}
			if ((types " ") !~ / deb / || enabled ~ /^(no|false|off|0)/) next
			many = split(suites, suite, /[ \t]+/); split(uris, uri, /[ \t]+/)
			for (i = 1; i <= many; i++)
				if (suite[i] != "" && ours(uri[2], suite[i], components)) {
					print "Types: deb\nSuites: " new "\nComponents: main\n" kept
					exit
				}
		}'
}
