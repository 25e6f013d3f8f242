// Package spelling finds names that are misspelt.
package spelling

// maxName is the most bytes of a name that Near compares.
const maxName = 40

// Near reports whether name can be a misspelling of want: at most one letter in four of want, and two in all, are
// missing, added or different. Two letters in the wrong order count as one. Names of more than 40 bytes are never near.
func Near(name, want string) bool {
	most := min(len(want)/4, 2)
	if len(want) > maxName || len(name) > maxName || len(name) > len(want)+most || len(want) > len(name)+most {
		return false
	}
	return distance(name, want) <= most
}

// distance returns how many letters of a must be removed, added, replaced or swapped with the next one to make b.
func distance(a, b string) int {
	var d [maxName + 1][maxName + 1]int // d[i][j] is the distance of a[:i] and b[:j]
	for i := range len(a) + 1 {
		for j := range len(b) + 1 {
			if i == 0 || j == 0 {
				d[i][j] = i + j
				continue
			}
			d[i][j] = 1 + min(d[i-1][j], d[i][j-1], d[i-1][j-1])
			if a[i-1] == b[j-1] {
				d[i][j] = d[i-1][j-1]
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], 1+d[i-2][j-2])
			}
		}
	}
	return d[len(a)][len(b)]
}
